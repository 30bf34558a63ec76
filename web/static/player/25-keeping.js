// ---- What one keeps to hear without a network: the page, its pictures and its sound, in a cache of its own ----
const canKeep = 'serviceWorker' in navigator && 'caches' in window && /^http/.test(location.protocol);
const worker = document.body.getAttribute('data-worker');
const note = (page) => page + '?giu'; // beside the page lies what is to be said of it
if (canKeep && worker) {
  navigator.serviceWorker.register(worker).catch(() => {});
  caches.keys().then((names) => { if (names.some((name) => /^so-/.test(name) && !/-dang$/.test(name))) { reveal('.kept-link'); } }, () => {});
  all('.keep').forEach(offerKeeping);
  all('.kept-list').forEach(listKept);
}

function offerKeeping(box) {
  const name = box.getAttribute('data-cache'), status = box.querySelector('.kept'), meter = document.createElement('progress');
  const buttons = all('[data-keep]', box), drop = box.querySelector('[data-drop]');
  const full = (path) => { const link = document.createElement('a'); link.href = path; return link.href.split('#')[0]; };
  function show(isKept) {
    buttons.forEach((each) => { each.hidden = isKept; each.disabled = false; });
    drop.hidden = !isKept;
    meter.hidden = true;
  }
  function tellKept() {
    status.textContent = t('Số này đã có trong máy.');
    caches.open(name).then((cache) => cache.match(full(box.getAttribute('data-sound')))).then((has) => {
      if (has) { return; }
      status.textContent = t('Bản giữ trong máy là bản trước khi sửa. Giữ lại để có bản mới.');
      buttons.forEach((each) => { each.hidden = false; });
    });
  }
  meter.max = 100;
  meter.hidden = true;
  meter.setAttribute('aria-label', t('Đã giữ được bao nhiêu phần trăm'));
  box.appendChild(meter);
  box.hidden = false;
  caches.has(name).then((isKept) => { show(isKept); if (isKept) { tellKept(); } }, () => { box.hidden = true; });

  buttons.forEach((button) => button.addEventListener('click', () => {
    const sound = full(box.getAttribute(button.getAttribute('data-keep') ? 'data-light' : 'data-sound'));
    const page = full(box.getAttribute('data-page')), whole = full(box.getAttribute('data-sound'));
    const pictures = all('.text img, .qr img').map((each) => each.src);
    buttons.forEach((each) => { each.disabled = true; });
    meter.hidden = false;
    meter.value = 0;
    status.textContent = t('Đang tải về máy, xin đừng tắt trang này…');
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
    caches.open(name + '-dang').then((cache) => cache.add(page)
      .then(() => Promise.all(pictures.map((each) => cache.add(each).catch(() => {}))))
      .then(() => fetchWhole(sound, (part) => { meter.value = Math.round(part * 100); }))
      // The page asks for its usual sound: the light one answers in its place.
      .then((blob) => cache.put(whole, new Response(blob, { headers: { 'Content-Type': 'audio/mpeg', 'Content-Length': String(blob.size) } }))
        .then(() => cache.put(note(page), new Response(JSON.stringify({ name: box.getAttribute('data-name'), page: page, bytes: blob.size })))))
      // Only what is whole gets the name under which it is found.
      .then(() => caches.open(name)).then((kept) => cache.keys().then((keys) => Promise.all(
        keys.map((key) => cache.match(key).then((answer) => kept.put(key, answer)))
      )))
    ).then(() => { show(true); status.textContent = t('Xong. Mất mạng vẫn nghe được số này.'); status.tabIndex = -1; status.focus(); })
      .catch(() => { show(false); caches.delete(name); status.textContent = t('Chưa giữ được: mạng yếu hoặc máy hết chỗ. Xin bấm lại.'); })
      .then(() => caches.delete(name + '-dang'));
  }));
  const drops = drop.textContent;
  let sure = 0;
  const calm = () => { sure = 0; drop.textContent = drops; };
  drop.addEventListener('click', () => { // by two presses: without a network it cannot be had again
    if (!sure) {
      sure = setTimeout(calm, 4000);
      drop.textContent = t('Bấm lần nữa để bỏ');
      return;
    }
    clearTimeout(sure);
    calm();
    caches.delete(name).then(() => {
      show(false);
      status.textContent = t('Đã bỏ số này khỏi máy.');
      buttons[0].focus();
    });
  });
}

function fetchWhole(address, progress) {
  return fetch(address).then((answer) => {
    if (!answer.ok) { throw new Error(answer.status); }
    const total = Number(answer.headers.get('Content-Length'));
    if (!answer.body || !answer.body.getReader || !total) { return answer.blob(); }
    const reader = answer.body.getReader(), parts = [];
    let got = 0;
    const read = () => reader.read().then((part) => {
      if (part.done) {
        if (got < total) { throw new Error('cut short'); }
        return new Blob(parts);
      }
      parts.push(part.value);
      got += part.value.length;
      progress(got / total);
      return read();
    });
    return read();
  });
}

function listKept(list) {
  if (navigator.onLine === false) { one('.offline').textContent = t('Máy đang không có mạng.'); }
  caches.keys().then((names) => names.filter((name) => /^so-/.test(name) && !/-dang$/.test(name)).sort().reverse().forEach((name) => {
    caches.open(name).then((cache) => cache.keys().then((keys) => {
      const key = keys.filter((each) => /\?giu$/.test(each.url))[0];
      return key && cache.match(key).then((answer) => answer.json()).then((kept) => {
        const row = document.createElement('li'), link = document.createElement('a'), what = document.createElement('span'), how = document.createElement('small');
        link.href = kept.page;
        what.className = 'main';
        what.textContent = kept.name;
        how.textContent = Math.max(1, Math.round(kept.bytes / 1e6)) + ' MB';
        link.appendChild(what);
        link.appendChild(how);
        row.appendChild(link);
        list.appendChild(row);
        one('.none').hidden = true;
      });
    }));
  }), () => {});
}
