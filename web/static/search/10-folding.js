// Search where there is no server: the index comes in small scripts, by need, so that it works from a stick too.
const one = (selector) => document.querySelector(selector);
const section = one('.found'), index = JSON.parse(one('#muc-luc').textContent);
const asked = /[?&]q=([^&]*)/.exec(location.search);
if (!section || section.hasAttribute('data-done') || !asked) { return; }
const said = one('#loi') ? JSON.parse(one('#loi').textContent) : {};
const t = (words) => said[words] || words;
let question = '';
try { question = decodeURIComponent(asked[1].replace(/\+/g, ' ')).trim(); } catch (error) { question = ''; }
const counted = document.createElement('a');
counted.href = index.count;
const base = counted.href.replace(/tim-kiem\/dem\.js$/, '');

// As the index was folded: no diacritics, no capitals, đ as d; the length stays.
function fold(text) {
  return Array.prototype.map.call(text.normalize('NFC'), (letter) => (
    /[đĐ]/.test(letter) ? 'd' : letter.normalize('NFD').charAt(0).toLowerCase().charAt(0)
  )).join('');
}
const isWordSign = (sign) => /[0-9a-z]/.test(sign) || sign.toLowerCase() !== sign.toUpperCase();
function cut(folded) { // [start, end] of each word
  const found = [];
  let start = -1;
  for (let at = 0; at <= folded.length; at += 1) {
    const inside = at < folded.length && isWordSign(folded.charAt(at));
    if (inside && start < 0) { start = at; }
    if (!inside && start >= 0) { found.push([start, at]); start = -1; }
  }
  return found;
}
const wordsOf = (text) => { const folded = fold(text); return cut(folded).map((span) => folded.slice(span[0], span[1])); };
function shardOf(key, count) { // FNV-1a
  let value = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) { value = Math.imul(value ^ key.charCodeAt(at), 0x01000193) >>> 0; }
  return value % count;
}
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,-./:;<=>?@[]^_{|}~', HALF = DIGITS.length >> 1;
function unpack(text) {
  const numbers = [];
  let value = 0, power = 1, before = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = DIGITS.indexOf(text.charAt(at));
    value += (digit % HALF) * power;
    power *= HALF;
    if (digit < HALF) { before += value; numbers.push(before); value = 0; power = 1; }
  }
  return numbers;
}
