// What a page holds, and how a chain goes from page to page. A page is 128 bytes, eight slices of 16. Each slice ends
// with the page's link, so that whoever reads a slice, and only then, knows where the chain goes on; before it the
// same link, turned by as much as the slice's place demands.
//
// Generated constant: SHIFT (32 − log₂ of the number of pages).

fn turn(x: u32, n: u32) -> u32 { return (x << (n & 31u)) | (x >> ((32u - n) & 31u)); }

// The finaliser of MurmurHash3 (Appleby, public domain): any page's link without a table.
fn link(page: u32) -> u32 {
  var h = page + 0x9e3779b9u;
  h = (h ^ (h >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

fn slice_of(page: u32, slice: u32) -> vec4<u32> {
  let l = link(page);
  let n = 4u * slice;
  return vec4<u32>(turn(l, n + 1u), turn(l, n + 2u), turn(l, n + 3u), l);
}

fn joined(slice: vec4<u32>) -> u32 { return slice.x ^ slice.y ^ slice.z; }

// The state of a chain after a page with this link, and the page that a state leads to. Chains that meet on a page
// part again, for their states differ.
fn after(state: u32, link: u32) -> u32 { return (state ^ link) * 0x9e3779b1u + 0x7f4a7c15u; }
fn page_of(state: u32) -> u32 { return state >> SHIFT; }
fn first_state(seed: u32, chain: u32) -> u32 { return link(seed + chain); }
