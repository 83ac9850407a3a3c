// Where a scan's range is: in a uniform block.
@group(0) @binding(4) var<uniform> range: Range;
