/* What the script adds; the page works without it. ES2015 at most, for browsers of 2018, and no request to anyone. */
(function () {
  'use strict';
  const root = document.documentElement;
  const all = (selector, within) => Array.prototype.slice.call((within || document).querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);
  const on = (selector, event, act) => all(selector).forEach((each) => each.addEventListener(event, act));
  // Zalo's browser may refuse storage: then nothing is remembered, and nothing breaks.
  const recall = (key) => { try { return localStorage.getItem(key); } catch (error) { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch (error) { /* as said */ } };

  // ---- Size and colours of the page ----
  const colours = ['sang', 'toi', 'vang'], largest = 4;
  let size = Math.min(largest, Math.max(0, parseInt(recall('co-chu'), 10) || 0)), colour = recall('mau');
  function dress() {
    for (let step = 1; step <= largest; step += 1) { root.classList.toggle('chu-' + step, step === size); }
    colours.forEach((name) => root.classList.toggle(name, name === colour));
    all('[data-colour]').forEach((each) => each.setAttribute('aria-pressed', String(each.getAttribute('data-colour') === colour)));
  }
  on('[data-size]', 'click', (event) => {
    size = Math.min(largest, Math.max(0, size + Number(event.currentTarget.getAttribute('data-size'))));
    remember('co-chu', size);
    dress();
  });
  on('[data-colour]', 'click', (event) => {
    const chosen = event.currentTarget.getAttribute('data-colour');
    colour = chosen === colour ? '' : chosen; // a second press gives the device's own choice back
    remember('mau', colour);
    dress();
  });
  on('[data-colours]', 'click', (event) => {
    const panel = one('#mau');
    panel.hidden = !panel.hidden;
    event.currentTarget.setAttribute('aria-expanded', String(!panel.hidden));
  });
  dress();
  all('.tools').forEach((each) => { each.hidden = false; });
  all('.table').forEach((each) => { if (each.scrollWidth > each.clientWidth) { each.tabIndex = 0; } });

  // ---- Passing an address on ----
  const shared = one('.shared');
  const tell = (text) => { if (shared) { shared.textContent = text; } };
  function copy(text) {
    const done = () => tell('Đã chép. Dán vào nơi muốn gửi.'), failed = () => tell('Máy không cho chép. Địa chỉ là: ' + text);
    if (navigator.clipboard && navigator.clipboard.writeText) { navigator.clipboard.writeText(text).then(done, failed); return; }
    const field = document.createElement('textarea');
    field.value = text;
    document.body.appendChild(field);
    field.select();
    let copied = false;
    try { copied = document.execCommand('copy'); } catch (error) { copied = false; }
    document.body.removeChild(field);
    if (copied) { done(); } else { failed(); }
  }
  on('[data-do=copy]', 'click', (event) => copy(event.currentTarget.getAttribute('data-address')));
  all('[data-do=copy]').forEach((each) => { each.hidden = false; });
  if (navigator.share) {
    all('[data-do=share]').forEach((each) => {
      const address = one('[data-do=copy]').getAttribute('data-address');
      each.hidden = false;
      each.addEventListener('click', () => navigator.share({ title: document.title, url: address }).catch(() => {}));
    });
  }

  // ---- Keys can be switched off (WCAG 2.1.4) ----
  all('[data-shortcuts]').forEach((box) => {
    box.checked = recall('phim-tat') !== 'tat';
    box.addEventListener('change', () => remember('phim-tat', box.checked ? '' : 'tat'));
    all('.switch').forEach((each) => { each.hidden = false; });
  });

  // ---- The player ----
  const block = one('#du-lieu'), audio = one('#nghe audio');
  if (!block || !audio) { return; }
  const data = JSON.parse(block.textContent), chapters = data.chapters, sentences = data.sentences;
  if (!chapters.length) { return; }
  const first = chapters[0][2] / 1000, last = data.last / 1000; // an article's page plays its own part
  const isPart = first > 0 || chapters.length === 1, key = 'cho-' + data.id;
  const line = one('#thoi-gian'), clock = one('.clock'), message = one('.message'), bar = one('.bar');
  const saved = parseFloat(recall(key)) || 0;
  let waiting = first; // a place to go to once there is sound; nothing is loaded before it is asked for
  let shown = -1, marked = null, started = false, following = true, ours = 0, stalled = 0;
  audio.removeAttribute('controls');
  audio.src = audio.getAttribute('data-sound');
  root.classList.add('script');
  one('.controls').hidden = false;

  const place = () => (waiting === null ? audio.currentTime : waiting);
  const say = (text) => { message.textContent = text; };
  const clamp = (seconds) => Math.max(first, Math.min(last - 0.2, seconds));
  function words(seconds) {
    const whole = Math.max(0, Math.floor(seconds)), minutes = Math.floor(whole / 60);
    return (minutes ? minutes + ' phút ' : '') + (whole % 60) + ' giây';
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
  function sentenceAt(time) {
    const found = at(sentences, 1, time * 1000 + 50);
    return found >= 0 && time * 1000 < sentences[found][2] + 500 ? sentences[found][0] : null;
  }

  function play() {
    say('');
    if (place() >= last - 0.7) { waiting = first; }
    if (audio.error) { waiting = place(); audio.load(); }
    if (waiting !== null && audio.readyState > 0) { arrive(); }
    const promise = audio.play();
    if (promise && promise.catch) {
      promise.catch((error) => {
        if (error.name === 'NotAllowedError') { say('Bấm Nghe để bắt đầu.'); } else if (error.name !== 'AbortError') { failed(); }
      });
    }
  }
  function failed() { say('Không tải được âm thanh. Kiểm tra mạng rồi bấm Nghe lại.'); }
  function arrive() {
    if (waiting === null) { return; }
    const time = waiting;
    waiting = null;
    if (Math.abs(audio.currentTime - time) > 0.05) { audio.currentTime = time; }
  }
  function go(seconds, then) {
    waiting = clamp(seconds);
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
      if (shown >= 0 && !audio.paused) { say('Đang đọc: ' + chapters[now][1]); }
      shown = now;
      showChapter(now);
    }
    const value = words(time - first) + ' trên ' + words(last - first);
    if (document.activeElement !== line || !audio.seeking) { line.value = Math.floor(time - first); }
    // Renewed while it has the focus, the words would talk over the voice.
    if (document.activeElement !== line) { line.setAttribute('aria-valuetext', value); }
    clock.firstChild.textContent = words(time - first);
    if (started) { mark(sentenceAt(time)); }
  }
  function showChapter(now) {
    const what = one('.now .what'), where = one('.now .where');
    if (what) { what.textContent = chapters[now][1]; }
    const number = /^c(\d+)$/.exec(chapters[now][0]);
    if (where && !isPart) { where.textContent = number ? 'Bài ' + Number(number[1]) : ''; }
    all('.contents a.hear').forEach((each) => {
      const current = each.getAttribute('data-chapter') === chapters[now][0] && started;
      if (current) { each.setAttribute('aria-current', 'true'); } else { each.removeAttribute('aria-current'); }
      each.querySelector('.state').hidden = !current;
    });
    tellDevice(now);
  }
  function mark(id) {
    if (!id || (marked && marked.id === id)) { return; } // in a pause the sentence before stays marked
    const next = document.getElementById(id);
    if (!next) { return; }
    if (marked) { marked.removeAttribute('aria-current'); }
    marked = next;
    marked.setAttribute('aria-current', 'true');
    keepInView();
  }

  // ---- The sentence is kept in view, unless one looks elsewhere ----
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };
  function scrollToMarked() {
    const calm = window.matchMedia && matchMedia('(prefers-reduced-motion: reduce)').matches;
    ours = Date.now();
    window.scrollTo({ top: window.pageYOffset + marked.getBoundingClientRect().top - window.innerHeight * 0.3, behavior: calm ? 'auto' : 'smooth' });
  }
  function keepInView() {
    if (!following || isSeen(one('#nghe'))) { return; } // who is at the buttons is left there
    const box = marked.getBoundingClientRect(), high = window.innerHeight;
    if (box.top < high * 0.1 || box.bottom > high * 0.7) { scrollToMarked(); }
  }
  function showBar() {
    if (!bar) { return; }
    const needed = started && !isSeen(one('#nghe')), lost = needed && marked && !following;
    bar.hidden = !needed;
    one('[data-do=follow]').hidden = !lost;
    document.body.classList.toggle('with-bar', needed);
  }
  window.addEventListener('scroll', () => {
    if (Date.now() - ours > 1200 && marked) { following = isSeen(marked); }
    showBar();
  }, { passive: true });

  // ---- Buttons, time line, contents, sentences ----
  const acts = {
    play: () => { if (audio.paused) { following = true; play(); } else { audio.pause(); } },
    back: () => go(place() - 15, false),
    forward: () => go(place() + 15, false),
    previous: () => { const now = chapterAt(place()); goChapter(place() - chapters[now][2] / 1000 > 4 ? now : Math.max(0, now - 1)); },
    next: () => goChapter(chapterAt(place()) + 1),
    follow: () => { following = true; scrollToMarked(); showBar(); },
    resume: () => go(saved, true)
  };
  Object.keys(acts).forEach((name) => on('[data-do=' + name + ']', 'click', acts[name]));
  line.addEventListener('input', () => go(first + Number(line.value), false));
  line.addEventListener('change', () => line.setAttribute('aria-valuetext', clock.textContent));
  on('a[data-chapter]', 'click', (event) => {
    const wanted = event.currentTarget.getAttribute('data-chapter');
    event.preventDefault();
    chapters.forEach((each, number) => { if (each[0] === wanted) { goChapter(number); } });
  });
  const begins = {};
  sentences.forEach((each) => { if (!(each[0] in begins)) { begins[each[0]] = each[1] / 1000; } });
  const hear = (id) => { if (id in begins) { go(begins[id], true); } };
  all('.s').forEach((each) => each.addEventListener('click', (event) => {
    if (event.target.closest('a, button') || String(window.getSelection())) { return; }
    hear(each.id);
  }));
  all('.text p, .text li, .text tr:first-child th:first-child').forEach((each) => { // the same for keyboards and screen readers
    const sentence = each.querySelector('.s') || (each.parentNode.classList.contains('s') ? each.parentNode : null);
    if (!sentence || !(sentence.id in begins)) { return; }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'here';
    button.textContent = 'Nghe từ đoạn này';
    button.addEventListener('click', () => hear(sentence.id));
    each.appendChild(button);
  });

  // ---- Speed; the browser keeps the pitch ----
  const speeds = all('input[name=toc-do]');
  const chosen = recall('toc-do');
  speeds.forEach((each) => {
    if (each.value === chosen) { each.checked = true; }
    each.addEventListener('change', () => { remember('toc-do', each.value); setSpeed(); });
  });
  function setSpeed() {
    const checked = speeds.filter((each) => each.checked)[0];
    audio.defaultPlaybackRate = audio.playbackRate = Number(checked ? checked.value : chosen) || 1;
  }
  setSpeed();

  // ---- What the sound tells ----
  function showState() {
    root.classList.toggle('playing', !audio.paused);
    all('[data-do=play] span').forEach((each) => { each.textContent = audio.paused ? 'Nghe' : 'Tạm dừng'; });
  }
  audio.addEventListener('loadedmetadata', () => { arrive(); setSpeed(); });
  audio.addEventListener('play', () => {
    started = true;
    all('.resume, .elsewhere').forEach((each) => { each.hidden = true; });
    showState();
    showChapter(chapterAt(place()));
    remember('dang-nghe', me);
  });
  audio.addEventListener('pause', () => { showState(); keep(); });
  audio.addEventListener('ended', finish);
  audio.addEventListener('timeupdate', () => {
    if (isPart && waiting === null && !audio.paused && audio.currentTime >= last - 0.6) { audio.pause(); finish(); }
    show();
    showBar();
  });
  function finish() { if (!isPart) { remember(key, 0); } say(isPart ? 'Hết bài. Bấm Bài sau để nghe tiếp.' : 'Đã hết bản tin.'); }
  audio.addEventListener('error', failed);
  audio.addEventListener('waiting', () => {
    clearTimeout(stalled);
    stalled = setTimeout(() => say('Mạng chậm, xin chờ một chút…'), 8000);
  });
  audio.addEventListener('playing', () => { clearTimeout(stalled); if (/^(Mạng|Không)/.test(message.textContent)) { say(''); } });

  // ---- The place is kept, so that nothing is lost ----
  function keep() {
    if (!started || audio.ended || place() < 3) { return; }
    const link = document.createElement('a');
    link.href = data.page;
    remember(key, Math.floor(place()));
    remember('nghe-do', JSON.stringify({ id: data.id, page: link.href, title: data.title, chapter: chapters[chapterAt(place())][1] }));
  }
  setInterval(() => { if (!audio.paused) { keep(); } }, 5000);
  window.addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', () => { if (document.hidden) { keep(); } });
  if (saved > first + 5 && saved < last - 5) {
    one('[data-do=resume]').textContent = 'Nghe tiếp ' + (isPart ? '' : 'từ bài “' + chapters[chapterAt(saved)][1] + '”, ') + words(saved - first);
    one('.resume').hidden = false;
  }
  offerElsewhere();
  function offerElsewhere() { // on the home page: an older issue that was not heard to its end
    const offer = one('.elsewhere');
    let before = null;
    try { before = JSON.parse(recall('nghe-do')); } catch (error) { before = null; }
    if (!offer || !before || before.id === data.id || !(parseFloat(recall('cho-' + before.id)) > 5)) { return; }
    const link = offer.querySelector('a');
    link.href = before.page;
    if (link.protocol !== location.protocol || link.host !== location.host) { return; }
    link.textContent = 'Nghe tiếp ' + before.title;
    offer.hidden = false;
  }

  // ---- ?t= and #c04b02s1 open at a place; #nghe-ngay begins ----
  function openAt() {
    const asked = /[?&]t=(\d+(?:\.\d+)?)/.exec(location.search), target = decodeURIComponent(location.hash.slice(1));
    if (target in begins) { go(begins[target], false); mark(target); } else if (asked) { go(Number(asked[1]), false); }
  }
  openAt();

  // ---- A second tab that plays pauses the first ----
  const me = String(Math.random());
  window.addEventListener('storage', (event) => { if (event.key === 'dang-nghe' && event.newValue !== me) { audio.pause(); } });

  // ---- Keys ----
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || recall('phim-tat') === 'tat') { return; }
    if (/^(input|textarea|select)$/i.test(event.target.tagName) && event.target.type !== 'radio') { return; }
    const button = one('[data-do=' + ({ k: 'play', j: 'back', l: 'forward', p: 'previous', n: 'next' }[event.key.toLowerCase()] || 'nothing') + ']');
    if (button) { event.preventDefault(); button.click(); }
  });

  // ---- The lock screen ----
  function tellDevice(now) {
    if (!('mediaSession' in navigator) || !window.MediaMetadata || !started) { return; }
    navigator.mediaSession.metadata = new MediaMetadata({
      title: chapters[now][1], artist: data.publisher, album: data.title, artwork: data.cover ? [{ src: data.cover }] : []
    });
    [['play', play], ['pause', () => audio.pause()], ['previoustrack', acts.previous], ['nexttrack', acts.next],
      ['seekbackward', acts.back], ['seekforward', acts.forward]].forEach((pair) => {
      try { navigator.mediaSession.setActionHandler(pair[0], pair[1]); } catch (error) { /* an older device */ }
    });
  }
  show();
}());
