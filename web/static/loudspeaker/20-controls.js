// ---- Giants: one press plays, two presses stop ----
const SURE_MS = 4000, TREMBLE_MS = 800; // a second press so soon is a hand that trembles
let sure = 0, sureSince = 0, planned = 0, waking = null, asking = false;
function showState() {
  const stop = one('[data-do=stop]');
  document.documentElement.classList.toggle('playing', !audio.paused);
  one('[data-do=play]').disabled = !audio.paused;
  stop.disabled = audio.paused;
  stop.textContent = sure ? t('Bấm lần nữa để dừng') : t('Dừng');
  stop.classList.toggle('sure', Boolean(sure));
}
function play() {
  if (chosen < 0) { load(0).then(play, () => {}); return; }
  if (!loaded) { tell(t('Chưa tải xong, xin chờ.')); return; }
  cancelPlan();
  const began = audio.play();
  if (began && began.catch) { began.catch(() => tell(t('Máy không cho phát. Xin bấm Phát lần nữa.'))); }
}
function stop() {
  if (!sure) {
    sureSince = Date.now();
    sure = setTimeout(() => { sure = 0; showState(); }, SURE_MS);
    showState();
    return;
  }
  if (Date.now() - sureSince < TREMBLE_MS) { return; }
  clearTimeout(sure);
  sure = 0;
  audio.pause();
}
function step(by) {
  if (planned) { tell(t('Đang chờ giờ hẹn. Muốn đổi, bấm Bỏ hẹn trước.')); return; }
  if (chosen < 0 || !loaded) { return; }
  const items = sessions[chosen].items, wanted = items[itemAt(audio.currentTime * 1000) + by];
  if (wanted) { audio.currentTime = wanted[1] / 1000; show(); }
}
audio.addEventListener('play', () => {
  if (asking) { return; }
  if (audio.currentTime < 1) { write(t('Bắt đầu:') + ' ' + sessions[chosen].name); }
  remember('loa-dang-phat', me);
  tell(t('Đang phát.'));
  keepAwake();
  showState();
});
audio.addEventListener('pause', () => {
  if (asking) { asked(); return; }
  showState();
  mayRest();
  if (!audio.ended) { tell(t('Đã dừng. Bấm Phát để phát tiếp.')); write(t('Dừng:') + ' ' + what.textContent); }
});
audio.addEventListener('ended', () => {
  const now = new Date();
  ticks[sessions[chosen].name] = hour(now) + ', ' + now.getDate() + '/' + (now.getMonth() + 1);
  remember(key, JSON.stringify(ticks));
  write(t('Phát xong:') + ' ' + sessions[chosen].name);
  audio.currentTime = 0;
  showSessions();
  showState();
  tell(t('Đã phát xong buổi này.'));
});
audio.addEventListener('timeupdate', show);
audio.addEventListener('error', () => { if (audio.src) { tell(t('Không phát được tệp này. Chọn lại buổi, hoặc dùng gói loa trong USB.')); } });

// ---- The screen stays awake while something plays or is to come ----
function isBusy() { return Boolean(planned) || !audio.paused; }
function keepAwake() {
  if (!navigator.wakeLock || (waking && !waking.released)) { return; }
  navigator.wakeLock.request('screen').then((lock) => { waking = lock; mayRest(); }, () => {});
}
function mayRest() {
  if (!isBusy() && waking) { waking.release(); }
}
document.addEventListener('visibilitychange', () => { if (!document.hidden && isBusy()) { keepAwake(); } });

// ---- Chime and test tones, made here ----
let context = null;
function tone(frequency, from, seconds, level) {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) { return; }
  context = context || new Context();
  if (context.resume) { context.resume(); }
  const source = context.createOscillator(), gain = context.createGain(), begin = context.currentTime + from;
  source.frequency.value = frequency;
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(level, begin + 0.03);
  gain.gain.setValueAtTime(level, begin + seconds - 0.15);
  gain.gain.linearRampToValueAtTime(0, begin + seconds);
  source.connect(gain);
  gain.connect(context.destination);
  source.start(begin);
  source.stop(begin + seconds);
}
on('[data-tone]', 'click', (event) => tone(1000, 0, 2, Number(event.currentTarget.getAttribute('data-tone'))));
function chime() { [[784, 0], [659, 0.6], [523, 1.2]].forEach((each) => tone(each[0], each[1], 1.1, 0.4)); }

// ---- A start by the clock ----
let ticking = 0;
function cancelPlan() {
  planned = 0;
  clearInterval(ticking);
  one('.countdown').textContent = '';
  one('[data-do=schedule]').textContent = t('Hẹn giờ');
}
function schedule() {
  if (planned) { cancelPlan(); mayRest(); tell(t('Đã bỏ hẹn.')); return; }
  const wanted = /^(\d\d):(\d\d)/.exec(one('#luc').value), now = new Date(), start = new Date();
  if (!audio.paused) { tell(t('Đang phát. Bấm Dừng trước khi hẹn giờ.')); return; }
  if (!wanted) { tell(t('Chọn giờ bắt đầu trước.')); one('#luc').focus(); return; }
  start.setHours(Number(wanted[1]), Number(wanted[2]), 0, 0);
  if (start <= now) { start.setDate(start.getDate() + 1); }
  const begin = () => {
    planned = start.getTime();
    one('[data-do=schedule]').textContent = t('Bỏ hẹn');
    tell(t('Sẽ phát lúc') + ' ' + hour(start) + (start.getDate() === now.getDate() ? '' : ' ' + t('ngày mai')) + '. ' + t('Để trang này mở.'));
    // Silence now, by this press, so that the browser lets the sound begin by itself then.
    asking = audio.muted = true;
    const allowed = audio.play();
    const hush = () => { if (audio.paused) { asked(); } else { audio.pause(); } };
    if (allowed && allowed.then) { allowed.then(hush, hush); } else { hush(); }
    keepAwake();
    ticking = setInterval(count, 250);
  };
  if (chosen >= 0 && loaded) { begin(); } else { load(chosen < 0 ? 0 : chosen).then(() => { if (loaded && !planned) { begin(); } }, () => {}); }
}
function asked() { // the browser has told whether it may sound later
  audio.currentTime = 0;
  asking = audio.muted = false;
  showState();
}
function count() {
  const rest = planned - Date.now();
  if (rest <= 0) { cancelPlan(); play(); return; }
  const hours = Math.floor(rest / 3600000);
  one('.countdown').textContent = t('Còn') + ' ' + (hours ? hours + ':' + ('0' + Math.floor(rest / 60000) % 60).slice(-2) + ':' + ('0' + Math.floor(rest / 1000) % 60).slice(-2) : clock(rest));
}

// ---- The log, for the book that the ward keeps ----
function write(words) {
  const row = document.createElement('li'), now = new Date();
  row.textContent = now.getDate() + '/' + (now.getMonth() + 1) + ' ' + hour(now) + '  ' + words;
  one('.log').appendChild(row);
}
function copy() {
  if (!one('.log li')) { tell(t('Nhật ký còn trống.')); return; }
  const text = all('.log li').map((each) => each.textContent).join('\n'), done = () => tell(t('Đã chép nhật ký.'));
  if (navigator.clipboard && navigator.clipboard.writeText) { navigator.clipboard.writeText(text).then(done, () => {}); return; }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.appendChild(field);
  field.select();
  try { if (document.execCommand('copy')) { done(); } } catch (error) { /* it stands on the page */ }
  document.body.removeChild(field);
}
function full() {
  const page = document.documentElement, ask = page.requestFullscreen || page.webkitRequestFullscreen;
  const leave = document.exitFullscreen || document.webkitExitFullscreen;
  if (document.fullscreenElement || document.webkitFullscreenElement) { leave.call(document); } else if (ask) { ask.call(page); }
}

on('#luc', 'change', () => { if (planned) { tell(t('Giờ hẹn chưa đổi. Muốn đổi, bấm Bỏ hẹn rồi hẹn lại.')); } });
// Two of these pages would speak over one another: the one that begins silences the other.
const me = String(Math.random());
window.addEventListener('storage', (event) => { if (event.key === 'loa-dang-phat' && event.newValue !== me) { audio.pause(); } });

const acts = { play: play, stop: stop, next: () => step(1), previous: () => step(-1), chime: chime, schedule: schedule, copy: copy, full: full };
Object.keys(acts).forEach((name) => on('[data-do=' + name + ']', 'click', acts[name]));
on('[data-session]', 'click', (event) => load(Number(event.currentTarget.getAttribute('data-session'))).catch(() => {}));
// One warning before the page is left while it plays or waits.
window.addEventListener('beforeunload', (event) => {
  if (audio.paused && !planned) { return; }
  event.preventDefault();
  event.returnValue = '';
});
all('.stage, .tools, [data-session]').forEach((each) => { each.hidden = false; });
all('.plain').forEach((each) => { each.hidden = true; });
showSessions();
showState();
load(0).catch(() => {});
if ('serviceWorker' in navigator && /^http/.test(location.protocol)) { navigator.serviceWorker.register(document.body.getAttribute('data-worker')).catch(() => {}); }
