// ---- The keys can be switched off (WCAG 2.1.4) ----
all('[data-shortcuts]').forEach((box) => {
  box.checked = recall('phim-tat') !== 'tat';
  box.addEventListener('change', () => remember('phim-tat', box.checked ? '' : 'tat'));
  reveal('.switch');
});

// ---- The player: what is heard, and where one is ----
const block = one('#du-lieu'), audio = one('#nghe audio');
const data = block ? JSON.parse(block.textContent) : { chapters: [] }, chapters = data.chapters, sentences = data.sentences;
if (!audio || !chapters.length) { return; }
const first = chapters[0][2] / 1000, last = data.last / 1000; // an article's page plays its own part
const isPart = data.last - chapters[0][2] < data.whole;
const heard = isPart ? data.id + '/' + chapters[0][0] : data.id, key = 'cho-' + heard; // an article's place is not the issue's
const line = one('#thoi-gian'), clock = one('.clock'), message = one('.message'), bar = one('.bar');
const saved = parseFloat(recall(key)) || 0;
let waiting = first; // a place to go to once there is sound; nothing is loaded before it is asked for
let shown = -1, started = false, wanted = false, resumed = false, stalled = 0;
audio.removeAttribute('controls');
audio.src = audio.getAttribute('data-sound');
root.classList.add('script');
reveal('.controls');

const place = () => (waiting === null ? audio.currentTime : waiting);
const say = (text) => { message.textContent = text; };
const clamp = (seconds) => Math.max(first, Math.min(last - 0.2, seconds));
const count = (number, unit) => number + ' ' + (number === 1 ? unit.replace(/s$/, '') : unit); // English counts
function words(seconds) {
  const whole = Math.max(0, Math.floor(seconds)), minutes = Math.floor(whole / 60);
  return (minutes ? count(minutes, t('phút')) + ' ' : '') + count(whole % 60, t('giây'));
}
function at(cues, column, ms) { // the last cue that has begun
  let low = 0, high = cues.length - 1, found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (cues[middle][column] <= ms) { found = middle; low = middle + 1; } else { high = middle - 1; }
  }
  return found;
}
const chapterAt = (time) => Math.max(0, at(chapters, 2, time * 1000 + 50));

function play() {
  wanted = true;
  say(audio.muted ? t('Đã tắt tiếng.') : '');
  if (place() >= last - 0.7) { waiting = first; }
  if (audio.error) { waiting = place(); audio.load(); }
  if (waiting !== null && audio.readyState > 0) { arrive(); }
  const promise = audio.play();
  if (promise && promise.catch) {
    promise.catch((error) => {
      if (error.name === 'NotAllowedError') { say(t('Bấm Nghe để bắt đầu.')); showBar(); } else if (error.name !== 'AbortError') { failed(); }
    });
  }
}
function failed() { say(t('Không tải được âm thanh. Kiểm tra mạng rồi bấm Nghe lại.')); }
function arrive() {
  if (waiting === null) { return; }
  const time = waiting;
  waiting = null;
  if (Math.abs(audio.currentTime - time) > 0.05) { audio.currentTime = time; }
}
function go(seconds, then) {
  resumed = true; // who goes to a place means it
  waiting = clamp(seconds);
  if (sleepAfter >= 0) { sleepAfter = chapterAt(waiting); }
  if (audio.readyState > 0) { arrive(); }
  if (then) { following = true; play(); }
  show();
}
function goChapter(number) {
  if (chapters[number]) { go(chapters[number][2] / 1000, true); }
}

function show() {
  const time = place(), now = chapterAt(time);
  if (now !== shown) {
    if (shown >= 0 && !audio.paused) { say(t('Đang đọc:') + ' ' + chapters[now][1]); }
    shown = now;
    showChapter(now);
  }
  const value = words(time - first) + ' ' + t('trên') + ' ' + words(last - first);
  if (document.activeElement !== line || !audio.seeking) { line.value = Math.floor(time - first); }
  // Renewed while it has the focus, the words would talk over the voice.
  if (document.activeElement !== line) { line.setAttribute('aria-valuetext', value); }
  clock.firstChild.textContent = words(time - first);
  if (started) { mark(sentenceAt(time)); }
}
function showChapter(now) {
  const what = one('.now .what'), where = one('.now .where'), number = chapters[now][3];
  if (what) { what.textContent = chapters[now][1]; }
  if (where && !isPart) { where.textContent = number ? t('Bài') + ' ' + number : ''; }
  all('.contents a.hear').forEach((each) => {
    const current = each.getAttribute('data-chapter') === chapters[now][0] && started;
    if (current) { each.setAttribute('aria-current', 'true'); } else { each.removeAttribute('aria-current'); }
    each.querySelector('.state').hidden = !current;
  });
  tellDevice(now);
}
