// ---- Keys: none is taken from a field, a button or a screen reader ----
const help = one('#phim-tat');
function showHelp() {
  if (!help) { return; }
  help.hidden = !help.hidden;
  if (!help.hidden) { help.focus(); } else { one('button.play').focus(); }
}
on('[data-do=help]', 'click', showHelp);
const keys = {
  k: acts.play, j: acts.back, l: acts.forward, p: acts.previous, n: acts.next, r: acts.again, '?': showHelp,
  '[': () => shiftSpeed(-1), ']': () => shiftSpeed(1),
  m: () => { audio.muted = !audio.muted; say(audio.muted ? t('Đã tắt tiếng.') : t('Đã mở tiếng.')); }
};
document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || recall('phim-tat') === 'tat') { return; }
  const name = event.target.tagName, isField = /^(input|textarea|select)$/i.test(name) && !/^(radio|range|checkbox)$/.test(event.target.type);
  if (isField) { return; }
  const isFree = !/^(input|button|a|summary|audio|video)$/i.test(name);
  const act = event.key === ' ' && isFree ? acts.play : keys[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});
