// Labels that run together: two words with nothing between them where one piece of text ends and the next begins, and
// words that stand twice in a row.

/** Stands where one piece of text ends and the next begins, within one line of thought. */
export const JOINT = "\u2063";
/** Elements that end no word by themselves; every other one begins a thought of its own. */
const INLINE = ["a", "abbr", "b", "bdi", "button", "cite", "data", "em", "i", "mark", "q", "s", "small", "span", "strong", "time", "u"];
/** Elements whose content is no sentence; a blank stands for them. */
const OTHER = ["code", "datalist", "img", "input", "kbd", "noscript", "option", "pre", "samp", "script", "select", "style", "sub", "sup", "svg", "template", "textarea", "wbr"];

/** Words of two parts that are written so. */
const COMPOUND = /^(FeatureCollection|GeoReport|GitHub|JavaScript|HeadlessChrome|MultiPolygon)$/u;
/** Repetitions that are good language: "one by one", numerals, verbs said twice, and what may follow a name that ends alike. */
const MEANT = /^(一.|[〇零一二三四五六七八九十百千万两]+|研究|商量|打听|休息|社区|街道|that|had)$/iu;

const GLUED = new RegExp(`([\\p{Script=Latin}\\p{N}]+[)\\]”’.,;:!?%…]*)${JOINT}+[(\\[“]*([\\p{Script=Latin}\\p{N}]+)`, "gu");
const CAMEL = /(?<![\p{L}\p{N}])\p{Lu}?\p{Ll}{2,}\p{Lu}\p{Ll}{2,}(?![\p{L}\p{N}])/gu;
const SAME_LATIN = /(?<![\p{L}\p{N}’'-])(\p{Script=Latin}[\p{Script=Latin}’'-]+)\s+\1(?![\p{L}\p{N}’'-])/giu;
const SAME_HAN = /(?<![\p{L}\p{N}])(\p{Script=Han}{2,12})\s+\1(?![\p{L}\p{N}])/gu;
const GLUED_HAN = /(\p{Script=Han}{2,12})\1/gu;
const UNIT = /区区(?![级划域长委情内间政])|县县/gu;

/** Around a place in a text, as it is read. */
const around = (text, at, length) => text.slice(Math.max(0, at - 12), at + length + 12).replaceAll(JOINT, "").trim();

/** The faults of one line of thought, in which joints stand. */
export function faultsOf(run) {
  const faults = [];
  const plain = run.replaceAll(JOINT, "");
  const ask = (text, pattern, word, told) => {
    for (const found of text.matchAll(pattern)) {
      const asked = word(found);
      if (!MEANT.test(asked) && !COMPOUND.test(asked)) faults.push(`${told}: ${around(text, found.index, found[0].length)}`);
    }
  };
  ask(run, GLUED, ([whole]) => whole, "labels run together");
  ask(plain, CAMEL, ([whole]) => whole, "words run together");
  ask(plain, SAME_LATIN, ([, word]) => word, "a word stands twice");
  ask(plain, SAME_HAN, ([, word]) => word, "a word stands twice");
  ask(plain, GLUED_HAN, ([, word]) => word, "a word stands twice");
  ask(plain, UNIT, ([whole]) => whole, "a word stands twice");
  // A unit after a name that ends with it is meant in one sentence, not where two labels meet.
  for (const word of ["社区", "街道"]) if (run.includes(`${word}${JOINT}${word}`)) faults.push(`a word stands twice: ${around(run, run.indexOf(`${word}${JOINT}${word}`), 6)}`);
  return [...new Set(faults)];
}

/** The lines of thought that a page shows, and what a light says again that stands beside it. */
function readPage(page) {
  return page.evaluate(([joint, inline, other]) => {
    const runs = [];
    let run = "";
    const close = () => {
      if (run.trim()) runs.push(run.replace(/\s+/g, " "));
      run = "";
    };
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) run += `${run ? joint : ""}${node.data}`;
      if (node.nodeType !== Node.ELEMENT_NODE || !node.checkVisibility()) return;
      if (other.includes(node.localName)) {
        run += " ";
        return;
      }
      const apart = !inline.includes(node.localName);
      if (apart) close();
      node.childNodes.forEach(read);
      if (apart) close();
    };
    read(document.body);
    const words = (node) => node.textContent.replace(/\s+/g, " ").trim().toLowerCase();
    const leaf = (node) => node.childElementCount === 0 && node.checkVisibility();
    const echoes = [...document.querySelectorAll("main .light")].filter(leaf).flatMap((light) => {
      const beside = light.closest("tr, li, dd, h1, h2, h3, p")?.querySelectorAll("*") ?? [];
      const same = [...beside].some((one) => one !== light && leaf(one) && !one.matches("button, option, .light, .light *") && words(one) === words(light));
      return same && /\p{L}{2}/u.test(words(light)) ? [words(light)] : [];
    });
    return { runs, echoes };
  }, [JOINT, INLINE, OTHER]);
}

/** Labels of a page that run together, one line a fault. */
export async function wordFaults(page) {
  const { runs, echoes } = await readPage(page);
  return [...new Set([...runs.flatMap(faultsOf), ...echoes.map((word) => `a light says again what stands beside it: ${word}`)])].slice(0, 12);
}
