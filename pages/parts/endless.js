// Music without an end: the button opens a stream of this server and closes it again. An <audio>
// element that is only paused would keep its place at the station, so stopping takes the address away.

const PLAY = '<svg viewBox="0 0 24 24"><path d="M8 5.5v13l11-6.5z"/></svg>';
const STOP = '<svg viewBox="0 0 24 24"><rect x="6" y="6" width="12" height="12" rx="1.5"/></svg>';
const players = new WeakMap(); // element -> the state that must survive a redraw

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".player");
  let state = players.get(root);
  if (!state) {
    state = { audio: new Audio(), url: null };
    players.set(root, state);
    root.querySelector("button").addEventListener("click", () => toggle(root, state));
    state.audio.addEventListener("playing", () => tell(root, "on air"));
    state.audio.addEventListener("waiting", () => state.audio.src && tell(root, "tuning in …"));
    state.audio.addEventListener("error", () => refused(root, state));
    state.audio.addEventListener("timeupdate", () => tell(root, clock(state.audio.currentTime)));
  }
  root.querySelector(".label").textContent = data.label;
  if (state.url !== data.url) {
    stop(root, state);
    state.url = data.url;
  }
  return () => stop(root, state);
}

function toggle(root, state) {
  if (state.audio.hasAttribute("src")) return stop(root, state);
  state.audio.src = state.url;
  state.audio.play().catch(() => {}); // the error event says why
  show(root, true);
  tell(root, "tuning in …");
}

function stop(root, state) {
  if (state.audio.hasAttribute("src")) {
    state.audio.pause();
    state.audio.removeAttribute("src");
    state.audio.load(); // closes the connection
  }
  show(root, false);
  tell(root, "");
}

async function refused(root, state) {
  if (!state.audio.hasAttribute("src")) return; // we closed it ourselves
  stop(root, state);
  const gate = new AbortController(); // only the first line of an answer is wanted
  const answer = await fetch(state.url, { signal: gate.signal }).catch(() => null);
  const sentence = answer && !answer.ok ? (await answer.json()).detail : "The stream broke off.";
  gate.abort();
  tell(root, sentence);
}

function show(root, playing) {
  const button = root.querySelector("button");
  root.dataset.playing = playing;
  button.setAttribute("aria-label", playing ? "Stop" : "Play");
  button.innerHTML = playing ? STOP : PLAY;
}

function tell(root, text) {
  root.querySelector(".told").textContent = text;
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
