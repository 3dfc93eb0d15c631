// What is taken in the view, in pixels: boxes that nothing may cover, and lines that labels would rather not cross.

const CELL = 6;
const SHELF = 48;

export class Room {
  constructor([left, top, right, bottom]) {
    this.view = [left, top, right, bottom];
    this.shelves = new Map();
    this.cells = new Set();
  }

  holds([left, top, right, bottom], margin = 0) {
    const [viewLeft, viewTop, viewRight, viewBottom] = this.view;
    return (
      left >= viewLeft + margin && top >= viewTop + margin && right <= viewRight - margin && bottom <= viewBottom - margin
    );
  }

  isFree(box) {
    const [left, top, right, bottom] = box;
    const isApart = ([x0, y0, x1, y1]) => right <= x0 || left >= x1 || bottom <= y0 || top >= y1;
    return this.shelvesOf(box).every((shelf) => (this.shelves.get(shelf) || []).every(isApart));
  }

  take(box) {
    for (const shelf of this.shelvesOf(box)) {
      if (this.shelves.has(shelf)) this.shelves.get(shelf).push(box);
      else this.shelves.set(shelf, [box]);
    }
  }

  // Boxes lie on shelves, so that one is compared with those around it only.
  shelvesOf([left, top, right, bottom]) {
    const found = [];
    for (let x = Math.floor(left / SHELF); x <= Math.floor(right / SHELF); x++) {
      for (let y = Math.floor(top / SHELF); y <= Math.floor(bottom / SHELF); y++) found.push(x * 65536 + y);
    }
    return found;
  }

  // Remembers the cells that a line passes through.
  crossBy(points, toPixel) {
    let last = null;
    for (let i = 0; i < points.length; i++) {
      const point = toPixel(points[i]);
      if (last && i < points.length - 1 && Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) < CELL) continue;
      if (last) this.crossByStep(last, point);
      last = point;
    }
  }

  crossByStep([x0, y0], [x1, y1]) {
    const [left, top, right, bottom] = this.view;
    if (Math.max(x0, x1) < left || Math.min(x0, x1) > right || Math.max(y0, y1) < top || Math.min(y0, y1) > bottom) return;
    const count = Math.min(400, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / CELL)) || 1;
    for (let k = 0; k <= count; k++) {
      this.cells.add(this.cell(x0 + ((x1 - x0) * k) / count, y0 + ((y1 - y0) * k) / count));
    }
  }

  cell(x, y) {
    return Math.floor(x / CELL) * 65536 + Math.floor(y / CELL);
  }

  // How many cells of a box a line passes through.
  crossings([left, top, right, bottom]) {
    let count = 0;
    for (let x = left; x < right + CELL; x += CELL) {
      for (let y = top; y < bottom + CELL; y += CELL) if (this.cells.has(this.cell(x, y))) count++;
    }
    return count;
  }
}

export function boxAt(x, y, width, height) {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}
