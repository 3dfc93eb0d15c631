// What of the claims is shown: named conditions (layers, words, a facet, a time), all of which a shown claim meets. Map, list and
// timeline follow one filter. Each condition is asked once for each claim when it is set, so that counting is adding.

export function makeFilter(count) {
  const conditions = new Map();
  const failing = new Uint8Array(count);
  const followers = [];

  // Sets conditions by name to tests of a claim's index, or lifts those that are null, and tells the followers once.
  function set(changes) {
    for (const [name, test] of Object.entries(changes)) {
      const before = conditions.get(name);
      if (before) for (let i = 0; i < count; i++) failing[i] -= before[i];
      conditions.delete(name);
      if (!test) continue;
      const fails = Uint8Array.from(failing, (_, index) => (test(index) ? 0 : 1));
      for (let i = 0; i < count; i++) failing[i] += fails[i];
      conditions.set(name, fails);
    }
    for (const follower of followers) follower();
  }

  return {
    set,
    isOpen: () => conditions.size === 0,
    passes: (index) => failing[index] === 0,
    // Whether a claim meets all conditions but one: what else could be chosen there.
    passesBut(name, index) {
      const fails = conditions.get(name);
      return failing[index] === (fails ? fails[index] : 0);
    },
    follow: (follower) => followers.push(follower),
  };
}

const ALIKE = { ς: "σ", ł: "l", ø: "o", đ: "d", ı: "i", ي: "ی", ى: "ی", ك: "ک" };
const ALIKES = new RegExp(`[${Object.keys(ALIKE).join("")}]`, "g");

// A text as it is searched: without case, accents, vowel signs and the letters' other forms, in any script.
export function foldText(text) {
  const bare = text.normalize("NFKD").replace(/[\p{M}\u0640\u200c\u200d]/gu, "");
  return bare.toUpperCase().toLowerCase().replace(ALIKES, (letter) => ALIKE[letter]);
}

// A test of folded texts: each word of a query stands somewhere in them. Null for a query without words.
export function queryTest(query, texts) {
  const words = foldText(query).split(/\s+/).filter(Boolean);
  return words.length ? (index) => words.every((word) => texts[index].includes(word)) : null;
}
