/* The player's help: the page works without it. ES2015 at most, for browsers of 2016. */
(function () {
  'use strict';
  var root = document.documentElement;
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function one(selector) { return document.querySelector(selector); }
  // Zalo's browser may refuse storage; nothing then is remembered, and nothing breaks.
  function recall(key) { try { return localStorage.getItem(key); } catch (error) { return null; } }
  function remember(key, value) { try { localStorage.setItem(key, value); } catch (error) { return; } }

  // Size and colours of the page
  var sizes = ['', 'chu-1', 'chu-2', 'chu-3', 'chu-4'], colours = ['sang', 'toi', 'vang'];
  function dress() {
    var size = Math.min(4, Math.max(0, parseInt(recall('co-chu'), 10) || 0)), colour = recall('mau');
    sizes.concat(colours).forEach(function (name) { if (name) { root.classList.remove(name); } });
    if (sizes[size]) { root.classList.add(sizes[size]); }
    if (colours.indexOf(colour) >= 0) { root.classList.add(colour); }
    all('[data-colours]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.getAttribute('data-colours') === colour));
    });
  }
  all('[data-size]').forEach(function (button) {
    button.addEventListener('click', function () {
      var size = (parseInt(recall('co-chu'), 10) || 0) + Number(button.getAttribute('data-size'));
      remember('co-chu', String(Math.min(4, Math.max(0, size)))); dress();
    });
  });
  all('[data-colours]').forEach(function (button) {
    button.addEventListener('click', function () { remember('mau', button.getAttribute('data-colours')); dress(); });
  });
  all('.reading').forEach(function (each) { each.hidden = false; });
  dress();

  // "Nghe tiếp" on the first page
  var last = null;
  try { last = JSON.parse(recall('nghe-do')); } catch (error) { last = null; }
  var homeResume = one('main > section > .resume');
  if (homeResume && last && last.address && /^\/|^\.|^https?:|^file:/.test(last.address) && last.time > 5) {
    var link = homeResume.querySelector('a');
    link.href = last.address + '#nghe-tiep';
    link.textContent = 'Nghe tiếp ' + last.title + ', ' + last.where;
    homeResume.hidden = false;
  }

  var data = one('#so-nay'), audio = one('#nghe audio');
  if (!data || !audio) { return; }
  data = JSON.parse(data.textContent);
  var key = 'cho-' + data.id, play = one('[data-do=play]'), line = one('#thoi-gian'), message = one('.message');
  var chapter = -1, marked = null, following = true, stalled = 0, saved = parseFloat(recall(key)) || 0;
  root.classList.add('script');
  audio.controls = false;
  one('.controls').hidden = false;

  function words(seconds) {
    var minutes = Math.floor(seconds / 60), rest = Math.floor(seconds % 60);
    return minutes ? minutes + ' phút ' + rest + ' giây' : rest + ' giây';
  }
  function length() { return isFinite(audio.duration) && audio.duration || Number(line.max); }
  function chapterAt(time) {
    var found = 0;
    data.chapters.forEach(function (each, number) { if (each[2] / 1000 <= time + 0.05) { found = number; } });
    return found;
  }
  function sentenceAt(time) {
    var low = 0, high = data.sentences.length - 1, ms = time * 1000 + 30, found = null;
    while (low <= high) {
      var middle = (low + high) >> 1;
      if (data.sentences[middle][1] <= ms) { found = data.sentences[middle]; low = middle + 1; } else { high = middle - 1; }
    }
    return found && ms <= found[2] + 400 ? found[0] : null;
  }
  function say(text) { message.textContent = text; }
  function start() {
    var promise = audio.play();
    if (promise && promise.catch) {
      promise.catch(function (error) {
        if (error.name !== 'AbortError') { say('Không tải được âm thanh. Kiểm tra mạng rồi bấm Nghe lại.'); }
      });
    }
  }
  function go(seconds, then) {
    var time = Math.max(0, Math.min(length() - 0.1, seconds));
    function seek() { audio.currentTime = time; show(); if (then) { start(); } }
    if (audio.readyState > 0) { seek(); return; }
    audio.addEventListener('loadedmetadata', seek, { once: true });
    audio.preload = 'metadata';
    audio.load();
    if (then) { start(); }
  }
  function goChapter(number) { if (data.chapters[number]) { following = true; go(data.chapters[number][2] / 1000, true); } }

  function show() {
    var time = audio.currentTime, now = chapterAt(time);
    if (now !== chapter) {
      if (chapter >= 0 && !audio.paused) { say('Đang đọc: ' + data.chapters[now][1]); }
      chapter = now;
      one('.now').textContent = data.chapters[now][1];
      all('.chapters a').forEach(function (each, number) {
        if (number === now) { each.setAttribute('aria-current', 'true'); } else { each.removeAttribute('aria-current'); }
      });
      media();
    }
    if (document.activeElement !== line) {
      line.value = Math.floor(time);
      line.setAttribute('aria-valuetext', words(time) + ' trên ' + words(length()));
    }
    one('.clock').textContent = words(time) + ' trên ' + words(length());
    mark(audio.paused && !marked ? null : sentenceAt(time));
  }
  function mark(id) {
    if (marked && marked.id === id) { return; }
    if (marked && id) { marked.removeAttribute('aria-current'); }
    if (!id) { return; }
    marked = document.getElementById(id);
    if (!marked) { return; }
    marked.setAttribute('aria-current', 'true');
    if (following) { keepInView(); }
  }
  function keepInView() {
    if (!marked) { return; }
    var box = marked.getBoundingClientRect(), high = window.innerHeight;
    var text = one('.text').getBoundingClientRect();
    if (text.top > high * 0.9) { return; } // who looks at the buttons is left there
    if (box.top < high * 0.2 || box.bottom > high * 0.75) { window.scrollBy(0, box.top - high * 0.35); ours = Date.now(); }
  }
  var ours = 0;
  window.addEventListener('scroll', function () {
    if (Date.now() - ours < 300 || audio.paused || !marked) { return; }
    var box = marked.getBoundingClientRect(), away = box.bottom < 0 || box.top > window.innerHeight;
    following = !away;
    one('.follow').hidden = !away;
  }, { passive: true });

  play.addEventListener('click', function () { if (audio.paused) { say(''); start(); } else { audio.pause(); } });
  one('[data-do=back]').addEventListener('click', function () { go(audio.currentTime - 15, false); });
  one('[data-do=forward]').addEventListener('click', function () { go(audio.currentTime + 15, false); });
  one('[data-do=previous]').addEventListener('click', function () {
    var now = chapterAt(audio.currentTime);
    goChapter(audio.currentTime - data.chapters[now][2] / 1000 > 4 ? now : Math.max(0, now - 1));
  });
  one('[data-do=next]').addEventListener('click', function () { goChapter(chapterAt(audio.currentTime) + 1); });
  one('[data-do=follow]').addEventListener('click', function () {
    following = true; one('.follow').hidden = true;
    if (marked) { marked.scrollIntoView({ block: 'center' }); }
  });
  line.addEventListener('change', function () { go(Number(line.value), !audio.paused); });
  all('.chapters a').forEach(function (each, number) {
    each.addEventListener('click', function (event) { event.preventDefault(); goChapter(number); });
  });
  all('.text .s').forEach(function (each) {
    each.addEventListener('click', function (event) {
      if (event.target.closest && event.target.closest('a')) { return; }
      var cue = data.sentences.filter(function (sentence) { return sentence[0] === each.id; })[0];
      if (cue) { following = true; go(cue[1] / 1000, true); }
    });
  });
  all('input[name=toc-do]').forEach(function (each) {
    each.addEventListener('change', function () { audio.playbackRate = Number(each.value); remember('toc-do', each.value); });
    if (each.value === recall('toc-do')) { each.checked = true; }
  });
  function speed() { audio.playbackRate = Number((one('input[name=toc-do]:checked') || { value: 1 }).value); }

  audio.addEventListener('play', function () { play.textContent = 'Tạm dừng'; one('.player .resume').hidden = true; speed(); tellOthers(); });
  audio.addEventListener('pause', function () { play.textContent = 'Nghe'; keep(); });
  audio.addEventListener('ended', function () { remember(key, '0'); say('Đã hết bản tin.'); });
  audio.addEventListener('timeupdate', show);
  audio.addEventListener('error', function () { say('Không tải được âm thanh. Kiểm tra mạng rồi bấm Nghe lại.'); });
  audio.addEventListener('waiting', function () {
    clearTimeout(stalled);
    stalled = setTimeout(function () { say('Mạng chậm, xin chờ một chút…'); }, 8000);
  });
  audio.addEventListener('playing', function () { clearTimeout(stalled); if (/chậm|Không/.test(message.textContent)) { say(''); } });

  // The place is kept every five seconds, so that nothing is lost.
  function keep() {
    if (audio.currentTime < 3 || audio.ended) { return; }
    var now = data.chapters[chapterAt(audio.currentTime)];
    remember(key, String(Math.floor(audio.currentTime)));
    remember('nghe-do', JSON.stringify({
      address: location.href.split('#')[0].split('?')[0], title: data.title, time: audio.currentTime,
      where: 'từ ' + now[1] + ', phút ' + (Math.floor(audio.currentTime / 60) + 1)
    }));
  }
  setInterval(function () { if (!audio.paused) { keep(); } }, 5000);
  window.addEventListener('pagehide', keep);
  if (saved > 5) {
    var resume = one('[data-do=resume]');
    resume.textContent = 'Nghe tiếp từ ' + data.chapters[chapterAt(saved)][1] + ', ' + words(saved);
    resume.addEventListener('click', function () { go(saved, true); });
    one('.player .resume').hidden = false;
    if (location.hash === '#nghe-tiep') { resume.focus(); }
  }
  var asked = /[?&]t=(\d+(?:\.\d+)?)/.exec(location.search), target = location.hash.slice(1);
  data.sentences.forEach(function (each) { if (each[0] === target) { asked = [0, each[1] / 1000]; } });
  if (asked) { go(Number(asked[1]), false); }

  // A second tab that plays pauses the first.
  var me = String(Math.random());
  function tellOthers() { remember('dang-nghe', me); }
  window.addEventListener('storage', function (event) {
    if (event.key === 'dang-nghe' && event.newValue !== me) { audio.pause(); }
  });

  document.addEventListener('keydown', function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) { return; }
    var name = { k: 'play', j: 'back', l: 'forward', p: 'previous', n: 'next' }[event.key.toLowerCase()];
    if (name) { event.preventDefault(); one('[data-do=' + name + ']').click(); }
  });

  function media() {
    if (!('mediaSession' in navigator) || !window.MediaMetadata) { return; }
    navigator.mediaSession.metadata = new MediaMetadata({
      title: data.chapters[chapter][1], artist: data.album, album: data.title,
      artwork: data.cover ? [{ src: data.cover, sizes: '1400x1400', type: 'image/jpeg' }] : []
    });
    [['play', start], ['pause', function () { audio.pause(); }],
      ['previoustrack', function () { one('[data-do=previous]').click(); }], ['nexttrack', function () { one('[data-do=next]').click(); }],
      ['seekbackward', function () { go(audio.currentTime - 15, false); }], ['seekforward', function () { go(audio.currentTime + 15, false); }]
    ].forEach(function (pair) { try { navigator.mediaSession.setActionHandler(pair[0], pair[1]); } catch (error) { return; } });
  }
  one('.now').textContent = data.chapters[0][1];
  one('.clock').textContent = words(0) + ' trên ' + words(length());
}());
