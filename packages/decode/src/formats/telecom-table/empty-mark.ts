const MARKS: ReadonlySet<string> = new Set(
  '- -- – — n/a n.a. #n/a #nv null (null) <null> none nil nan \\n k.a. n.v.t. nvt н/д'.split(' '),
);

/** True for what people and programs write into a cell that holds nothing. The cell itself is kept as it is. */
export function isEmptyMark(cell: string): boolean {
  return cell.length <= 6 && MARKS.has(cell.toLowerCase());
}
