// ---- The place is kept, so that nothing is lost ----
const me = String(Math.random());
const SURE_S = 60; // who pressed Nghe instead of Nghe tiếp has a minute to see it: the place of before stays
const mayForget = () => resumed || saved < first + 5 || place() > Math.min(saved, first + SURE_S);
function keep() {
  if (!started || audio.ended || place() < 3 || !mayForget()) { return; }
  all('.resume').forEach((each) => { each.hidden = true; });
  const link = document.createElement('a');
  link.href = data.page;
  remember(key, Math.floor(place()));
  remember('nghe-do', JSON.stringify({ id: heard, page: link.href, title: data.title, chapter: chapters[chapterAt(place())][1] }));
}
setInterval(() => { if (!audio.paused) { keep(); } }, 5000);
window.addEventListener('pagehide', keep);
document.addEventListener('visibilitychange', () => { if (document.hidden) { keep(); } });
if (saved > first + 5 && saved < last - 5) {
  const chapter = chapters[chapterAt(saved)], number = chapter[3];
  const from = isPart ? '' : t('từ bài') + ' ' + (number ? number + ', ' : '') + '“' + chapter[1] + '”, ';
  one('[data-do=resume]').textContent = t('Nghe tiếp') + ' ' + from + words(saved - first);
  reveal('.resume');
}
function offerElsewhere() { // on the home page: an older issue that was not heard to its end
  const offer = one('.elsewhere');
  let before = null;
  try { before = JSON.parse(recall('nghe-do')); } catch (error) { before = null; }
  if (!offer || !before || before.id === heard || !(parseFloat(recall('cho-' + before.id)) > 5)) { return; }
  const link = offer.querySelector('a');
  link.href = before.page;
  if (link.protocol !== location.protocol || link.host !== location.host) { return; }
  link.textContent = t('Nghe tiếp') + ' ' + before.title;
  offer.hidden = false;
}
offerElsewhere();

// ---- ?t=83 and #c04b02s1 open at a place; ?nghe begins, where the browser lets it ----
function openAt() {
  const asked = /[?&]t=(\d+(?:\.\d+)?)/.exec(location.search);
  let target = '';
  try { target = decodeURIComponent(location.hash.slice(1)); } catch (error) { target = ''; }
  if (target in begins) { go(begins[target], false); mark(target); } else if (asked) { go(Number(asked[1]), false); }
  if (/[?&]nghe\b/.test(location.search)) { play(); }
}

// ---- A second tab that plays pauses the first ----
window.addEventListener('storage', (event) => { if (event.key === 'dang-nghe' && event.newValue !== me) { audio.pause(); } });
