// ---- Buttons, time line, contents ----
function again() { // to where this sentence begins; soon after its beginning, to the one before
  const now = at(sentences, 1, place() * 1000 + 50);
  if (now < 0) { go(place() - 5, false); return; }
  const early = place() * 1000 - sentences[now][1] < 2500;
  go(sentences[early ? Math.max(0, now - 1) : now][1] / 1000, true);
}
function turnTo(rel) { const link = one('a[rel=' + rel + ']'); if (link) { location.href = link.href; } }
const acts = {
  play: () => { if (audio.paused) { following = true; play(); } else { audio.pause(); } },
  back: () => go(place() - 15, false),
  forward: () => go(place() + 15, false),
  again: again,
  previous: () => { if (isPart) { turnTo('prev'); return; } const now = chapterAt(place()); goChapter(place() - chapters[now][2] / 1000 > 4 ? now : Math.max(0, now - 1)); },
  next: () => { if (isPart) { turnTo('next'); } else { goChapter(chapterAt(place()) + 1); } },
  follow: () => { following = true; scrollToMarked(); showBar(); },
  resume: () => go(saved, true)
};
Object.keys(acts).forEach((name) => on('[data-do=' + name + ']', 'click', acts[name]));
line.addEventListener('input', () => go(first + Number(line.value), false));
line.addEventListener('change', () => line.setAttribute('aria-valuetext', clock.textContent));
line.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) { return; }
  event.preventDefault();
  go(place() + step, false);
  line.value = Math.floor(place() - first);
  line.setAttribute('aria-valuetext', clock.textContent); // on request: one has just moved it
});
on('a[data-chapter]', 'click', (event) => {
  const wanted = event.currentTarget.getAttribute('data-chapter');
  event.preventDefault();
  chapters.forEach((each, number) => { if (each[0] === wanted) { goChapter(number); } });
});

// ---- Speed; the browser keeps the pitch ----
const speeds = all('input[name=toc-do]'), chosen = recall('toc-do');
speeds.forEach((each) => {
  if (each.value === chosen) { each.checked = true; }
  each.addEventListener('change', () => { remember('toc-do', each.value); setSpeed(); });
});
function setSpeed() {
  const checked = speeds.filter((each) => each.checked)[0];
  audio.preservesPitch = audio.webkitPreservesPitch = audio.mozPreservesPitch = true;
  audio.defaultPlaybackRate = audio.playbackRate = Number(checked ? checked.value : chosen) || 1;
}
function shiftSpeed(step) {
  const now = speeds.findIndex((each) => each.checked), next = speeds[now + step];
  if (next) { next.click(); say(t('Tốc độ:') + ' ' + next.parentNode.textContent.trim()); }
}
setSpeed();

// ---- The sleep timer ----
let sleepAt = 0, sleepAfter = -1;
function setTimer(value) {
  const minutes = Number(value);
  sleepAt = minutes ? Date.now() + minutes * 60000 : 0;
  sleepAfter = value === 'het' ? chapterAt(place()) : -1;
  if (value === 'het') { say(t('Sẽ tắt khi hết bài này.')); } else { say(minutes ? t('Sẽ tắt sau:') + ' ' + count(minutes, t('phút')) : t('Không hẹn giờ tắt.')); }
}
on('input[name=hen-gio]', 'change', (event) => setTimer(event.currentTarget.value));
function forgetTimer() {
  sleepAt = 0;
  sleepAfter = -1;
  all('input[name=hen-gio]').forEach((each) => { each.checked = each.value === '0'; });
}
// Back on the page, a browser may check what was chosen before; no timer runs.
window.addEventListener('pageshow', (event) => { if (!event.persisted) { forgetTimer(); } });
function maySleep() {
  const isOver = sleepAfter >= 0 && chapterAt(place()) > sleepAfter;
  if (audio.paused || !(isOver || (sleepAt && Date.now() >= sleepAt))) { return; }
  audio.pause();
  if (isOver) { go(chapters[sleepAfter + 1][2] / 1000, false); }
  forgetTimer();
  say(t('Đã tắt theo giờ hẹn. Bấm Nghe để nghe tiếp.'));
}

// ---- What the sound tells ----
function showState() {
  root.classList.toggle('playing', !audio.paused);
  all('[data-do=play] span').forEach((each) => { each.textContent = audio.paused ? t('Nghe') : t('Tạm dừng'); });
}
audio.addEventListener('loadedmetadata', () => { arrive(); setSpeed(); });
audio.addEventListener('play', () => {
  started = true;
  if (sleepAt && Date.now() >= sleepAt) { forgetTimer(); } // it ran out in a pause
  all(mayForget() ? '.resume, .elsewhere' : '.elsewhere').forEach((each) => { each.hidden = true; });
  showState();
  showChapter(chapterAt(place()));
  remember('dang-nghe', me);
});
audio.addEventListener('pause', () => { showState(); keep(); waitNoMore(); });
audio.addEventListener('ended', finish);
audio.addEventListener('timeupdate', () => {
  if (isPart && waiting === null && !audio.paused && audio.currentTime >= last - 0.6) { audio.pause(); finish(); }
  maySleep();
  show();
  showBar();
});
function finish() { if (!isPart) { remember(key, 0); } say(isPart && one('a[rel=next]') ? t('Hết bài. Bấm Bài sau để nghe tiếp.') : t('Đã hết bản tin.')); }
audio.addEventListener('error', failed);
const slow = t('Mạng chậm, xin chờ một chút…');
audio.addEventListener('waiting', () => {
  clearTimeout(stalled);
  stalled = setTimeout(() => say(slow), 8000);
});
function waitNoMore() {
  clearTimeout(stalled);
  if (message.textContent === slow) { say(''); }
}
audio.addEventListener('playing', () => {
  waitNoMore();
  if (message.textContent === t('Không tải được âm thanh. Kiểm tra mạng rồi bấm Nghe lại.')) { say(''); }
});
