// ---- The lock screen ----
function tellDevice(now) {
  if (!('mediaSession' in navigator) || !window.MediaMetadata || !started) { return; }
  navigator.mediaSession.metadata = new MediaMetadata({
    title: chapters[now][1], artist: data.publisher, album: data.title, artwork: data.cover ? [{ src: data.cover }] : []
  });
  [['play', play], ['pause', () => audio.pause()], ['previoustrack', acts.previous], ['nexttrack', acts.next],
    ['seekbackward', acts.back], ['seekforward', acts.forward], ['seekto', (asked) => go(asked.seekTime, false)]].forEach((pair) => {
    try { navigator.mediaSession.setActionHandler(pair[0], pair[1]); } catch (error) { /* an older device */ }
  });
}
openAt();
show();
