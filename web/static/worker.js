/* The service worker: what one chose to keep is heard without a network; with one that answers, a page is never stale. */
'use strict';
const SHELL = 'vo-' + self.told.version;
const here = (path) => new URL(path, self.location.href).href;

self.addEventListener('install', (event) => {
  const wanted = self.told.shell.concat([self.told.kept]).map((path) => new Request(here(path), { cache: 'reload' }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(wanted)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (name) => name.indexOf('vo-') === 0 && name !== SHELL;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

// A page may be asked for as a folder or as its index.html, with a place in it or without.
function names(address) {
  const url = new URL(address), bare = url.origin + url.pathname.replace(/index\.html$/, '').replace(/\/$/, '');
  return [bare, bare + '/', bare + '/index.html'];
}
function kept(address) {
  return names(address).reduce(
    (found, name) => found.then((answer) => answer || caches.match(name)), Promise.resolve(undefined)
  );
}
function renewed(address, answer) { // what is kept follows what is published
  if (!answer.ok || answer.redirected) { return; }
  const copy = answer.clone(), text = answer.clone().text();
  caches.keys().then((all) => all.filter((name) => name.indexOf('so-') === 0).forEach((name) => caches.open(name).then(
    (cache) => text.then((words) => {
      const sound = /data-sound="([^"]+)"/.exec(words); // a corrected issue has another: its page would be kept without its sound
      return sound ? cache.match(new URL(sound[1], address).href) : true;
    }).then((fits) => fits && names(address).forEach((each) => cache.match(each).then((has) => has && cache.put(each, copy.clone()))))
  )));
}
const PATIENCE_MS = 6000; // of a network that is there and brings nothing
function page(event) {
  const fresh = fetch(event.request).then((answer) => {
    renewed(event.request.url, answer);
    return answer;
  });
  return kept(event.request.url).then((have) => {
    if (!have) { return fresh.catch(() => Response.redirect(here(self.told.kept), 302)); }
    const late = new Promise((resolve) => setTimeout(() => resolve(have), PATIENCE_MS));
    return Promise.race([fresh.catch(() => have), late]);
  });
}

// Browsers enter sound by ranges; a cache holds it whole.
function part(answer, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range || '');
  if (!asked || (asked[1] === '' && asked[2] === '')) { return answer; }
  return answer.blob().then((whole) => {
    const size = whole.size;
    const first = asked[1] === '' ? Math.max(0, size - Number(asked[2])) : Number(asked[1]);
    const last = asked[1] !== '' && asked[2] !== '' ? Math.min(Number(asked[2]), size - 1) : size - 1;
    if (first > last) { return new Response('', { status: 416, headers: { 'Content-Range': 'bytes */' + size } }); }
    return new Response(whole.slice(first, last + 1), { status: 206, headers: {
      'Content-Type': answer.headers.get('Content-Type') || 'audio/mpeg', 'Accept-Ranges': 'bytes',
      'Content-Length': String(last - first + 1), 'Content-Range': 'bytes ' + first + '-' + last + '/' + size
    } });
  });
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) { return; }
  if (event.request.mode === 'navigate') { event.respondWith(page(event)); return; }
  const path = url.href.slice(here('./').length);
  if (/^(static|m)\//.test(path)) { // named by their content: what is here need not be fetched
    event.respondWith(caches.match(url.href).then(
      (answer) => (answer ? part(answer, event.request.headers.get('Range')) : fetch(event.request))
    ));
  }
});
