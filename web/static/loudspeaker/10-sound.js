// The page of who plays an issue over a loudspeaker. Nothing is played before all of it is here; nothing stops by mistake.
const all = (selector) => Array.prototype.slice.call(document.querySelectorAll(selector));
const one = (selector) => document.querySelector(selector);
const on = (selector, event, act) => all(selector).forEach((each) => each.addEventListener(event, act));
const recall = (key) => { try { return localStorage.getItem(key); } catch (error) { return null; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch (error) { /* then it is forgotten */ } };
const said = one('#loi') ? JSON.parse(one('#loi').textContent) : {};
const t = (words) => said[words] || words;
const data = JSON.parse(one('#buoi').textContent), sessions = data.sessions;
if (!sessions.length) { return; }
const ready = one('.ready'), what = one('.what'), left = one('.left');
const tell = (words) => { ready.textContent = words; };
const clock = (ms) => Math.floor(ms / 60000) + ':' + ('0' + Math.floor(ms / 1000) % 60).slice(-2);
const hour = (date) => ('0' + date.getHours()).slice(-2) + ':' + ('0' + date.getMinutes()).slice(-2);

const audio = document.createElement('audio');
document.body.appendChild(audio);
audio.preload = 'auto';
let chosen = -1, shown = -1, loaded = false, loading = null;

// ---- A session is fetched whole before it may be played ----
const fetched = {};
function load(number) {
  if (number === chosen) { return loading; }
  if (planned) { tell(t('Đang chờ giờ hẹn. Muốn đổi, bấm Bỏ hẹn trước.')); return Promise.reject(new Error('planned')); }
  if (!audio.paused) { tell(t('Đang phát. Bấm Dừng trước khi chọn buổi khác.')); return Promise.reject(new Error('playing')); }
  chosen = number;
  loaded = false;
  shown = -1;
  showSessions();
  show();
  tell(t('Đang tải buổi này về máy…'));
  loading = bring(sessions[number].sound).then((address) => {
    if (number !== chosen) { return; }
    audio.src = address;
    loaded = true;
    showSessions();
    tell(t('Sẵn sàng, không cần mạng.'));
  }, (error) => {
    if (number !== chosen) { return; }
    if (location.protocol === 'file:') { // from a stick there is nothing to fetch
      audio.src = sessions[number].sound;
      loaded = true;
      tell(t('Sẵn sàng, không cần mạng.'));
      showSessions();
      return;
    }
    chosen = -1;
    what.textContent = left.textContent = '';
    tell(t('Chưa tải được hết. Kiểm tra mạng rồi chọn lại buổi này.'));
    showSessions();
    throw error; // who asked for it must not go on as if it were here
  });
  return loading;
}
function bring(address) {
  if (location.protocol === 'file:') { return Promise.reject(new Error('file')); }
  if (!fetched[address]) {
    fetched[address] = fetch(address).then((answer) => {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.blob();
    }).then((blob) => URL.createObjectURL(blob));
    fetched[address].catch(() => { delete fetched[address]; });
  }
  return fetched[address];
}

function itemAt(ms) {
  const items = sessions[chosen].items;
  let found = 0;
  items.forEach((item, number) => { if (item[1] <= ms + 50) { found = number; } });
  return found;
}
function show() {
  if (chosen < 0) { return; }
  const ms = audio.currentTime * 1000 || 0, items = sessions[chosen].items, now = itemAt(ms);
  if (now !== shown) {
    shown = now;
    what.textContent = items[now][0];
  }
  left.textContent = t('còn') + ' ' + clock(Math.max(0, items[items.length - 1][2] - ms));
}

// ---- Ticks: what has been played, today or before ----
const key = 'loa-' + data.id;
let ticks = {};
try { ticks = JSON.parse(recall(key)) || {}; } catch (error) { ticks = {}; }
function showSessions() {
  all('[data-session]').forEach((button) => {
    const number = Number(button.getAttribute('data-session')), played = ticks[sessions[number].name];
    button.classList.toggle('chosen', number === chosen);
    if (number === chosen) { button.setAttribute('aria-current', 'true'); } else { button.removeAttribute('aria-current'); }
    button.querySelector('.tick').textContent = played ? '✓' : '';
    button.querySelector('.state').textContent = (number === chosen ? t('(đang chọn)') : '') + (played ? ' ' + t('đã phát lúc') + ' ' + played : '');
  });
}
