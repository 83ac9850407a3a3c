// Where a scan's range is: immediate data, set with the dispatch, so that the next range needs no write to a buffer.
var<immediate> range: Range;
