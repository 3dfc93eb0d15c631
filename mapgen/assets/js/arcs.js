// Arcs of the base map: unpacked in one pass into typed arrays, and written out as SVG path data. A border that two
// territories share is stored once; its steps are turned into text once for each direction that is needed.

export async function inflate(base64) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// As arccode.py describes: lengths, levels, beginnings, what ends lack, wide steps, then steps in groups of a byte each.
export async function readArcs({ count, sizes, data }) {
  const bytes = await inflate(data);
  let at = 0;
  const number = () => {
    let value = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  const signed = (coded) => (coded >>> 1) ^ -(coded & 1);
  const several = (read, length = count) => Int32Array.from({ length }, read);
  const lengths = several(number);
  const levels = several(() => bytes[at++]);
  const begins = [several(() => signed(number())), several(() => signed(number()))];
  const rest = several(number, 2 * levels.filter((level) => level).length);
  const group = [bytes.length];
  for (const size of [...sizes].reverse()) group.unshift(group[0] - size);
  const first = new Int32Array(count + 1);
  lengths.forEach((length, arc) => (first[arc + 1] = first[arc] + length));
  const axes = [new Int32Array(first[count]), new Int32Array(first[count])];
  const place = [0, 0];
  let lacking = 0;
  for (let arc = 0; arc < count; arc++) {
    const level = levels[arc];
    const before = [0, 0];
    for (let i = first[arc]; i < first[arc + 1]; i++) {
      for (const axis of [0, 1]) {
        let step = begins[axis][arc];
        if (i > first[arc]) {
          const coded = bytes[group[6 * level + 3 * axis + before[axis] + 1]++];
          step = signed(coded < 255 ? coded : 255 + number());
          before[axis] = Math.sign(step);
          step <<= level;
        }
        place[axis] += step;
        if (level && i === first[arc + 1] - 1) place[axis] += rest[lacking++];
        axes[axis][i] = place[axis];
      }
    }
  }
  return new Arcs(first, ...axes);
}

// The blocks write consecutive arcs as runs of [first, count], and a claim on a territory by the territory's number.
export function unfold(layers) {
  const territories = new Map();
  for (const layer of layers) {
    if (layer.runs) layer.arcs = layer.runs.flatMap(numbers);
    for (const shape of layer.shapes || []) {
      if (shape.runs) for (const arc of shape.runs.flatMap(numbers)) shape.rings.push([arc]);
      if (layer.role === "focus" || layer.role === "neighbour") territories.set(shape.id, shape.rings);
      if ("territory" in shape) shape.rings = territories.get(shape.territory) || [];
    }
  }
}

function numbers([first, count]) {
  return Array.from({ length: count }, (_, step) => first + step);
}

export class Arcs {
  constructor(first, x, y) {
    this.first = first;
    this.x = x;
    this.y = y;
    this.steps = [new Array(first.length), new Array(first.length)];
  }

  // References to arcs: a is an arc forwards, ~a the same arc backwards.
  ends(reference) {
    const arc = reference < 0 ? ~reference : reference;
    const [low, high] = [this.first[arc], this.first[arc + 1] - 1];
    return reference < 0 ? [high, low] : [low, high];
  }

  stepsOf(reference) {
    const backwards = reference < 0 ? 1 : 0;
    const arc = backwards ? ~reference : reference;
    let text = this.steps[backwards][arc];
    if (text === undefined) {
      const [from, to] = this.ends(reference);
      const stride = backwards ? -1 : 1;
      text = "";
      for (let i = from; i !== to; i += stride) {
        text += (this.x[i + stride] - this.x[i]) + " " + (this.y[i + stride] - this.y[i]) + " ";
      }
      this.steps[backwards][arc] = text;
    }
    return text;
  }

  start(reference) {
    const [from] = this.ends(reference);
    return "M" + this.x[from] + " " + this.y[from] + "l";
  }

  rings(rings) {
    let path = "";
    for (const ring of rings) {
      if (!ring.length) continue;
      path += this.start(ring[0]);
      for (const reference of ring) path += this.stepsOf(reference);
      path += "z";
    }
    return path;
  }

  lines(references) {
    let path = "";
    for (const reference of references) path += this.start(reference) + this.stepsOf(reference);
    return path;
  }

  // Whether a place lies inside rings (even-odd rule).
  contains(rings, x, y) {
    let inside = false;
    const cross = (x0, y0, x1, y1) => {
      if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) inside = !inside;
    };
    for (const ring of rings) {
      for (const reference of ring) {
        const arc = reference < 0 ? ~reference : reference;
        for (let i = this.first[arc] + 1; i < this.first[arc + 1]; i++) {
          cross(this.x[i - 1], this.y[i - 1], this.x[i], this.y[i]);
        }
      }
    }
    return inside;
  }

  // Calls visit(x, y) for every vertex of the arcs.
  each(references, visit) {
    for (const reference of references) {
      const arc = reference < 0 ? ~reference : reference;
      for (let i = this.first[arc]; i < this.first[arc + 1]; i++) visit(this.x[i], this.y[i]);
    }
  }
}
