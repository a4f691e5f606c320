// A player for one loop: Web Audio repeats it without a gap, which <audio loop> does not promise.
// A component takes raw bytes only alone, so a header travels in front of them:
// 4 bytes length (little endian), JSON { label, autoplay, loop, id }, the WAV file.

const players = new WeakMap(); // element -> the state that must survive a redraw

export default function ({ data: packed, parentElement }) {
  const data = unpack(packed);
  const root = parentElement.querySelector(".player");
  let state = players.get(root);
  if (!state) {
    state = { id: null, source: null, context: null, buffer: null, startedAt: 0, frame: 0 };
    players.set(root, state);
    root.querySelector("button").addEventListener("click", () => toggle(root, state));
  }
  root.querySelector(".label").textContent = data.label;
  state.loop = data.loop;
  if (state.id !== data.id) {
    stop(root, state); // the clean-up does not run when only the bytes change
    state.id = data.id;
    load(root, state, data);
  }
  return () => stop(root, state);
}

function unpack(packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length)));
  return { ...header, wav: packed.slice(4 + length) };
}

async function load(root, state, data) {
  state.context ??= new AudioContext();
  state.buffer = await state.context.decodeAudioData(data.wav.buffer);
  root.dataset.seconds = state.buffer.duration.toFixed(2);
  draw(root, state, 0);
  if (data.autoplay) play(root, state);
}

function toggle(root, state) {
  if (state.source) stop(root, state);
  else if (state.buffer) play(root, state);
}

function play(root, state) {
  const source = new AudioBufferSourceNode(state.context, { buffer: state.buffer, loop: state.loop });
  source.connect(state.context.destination);
  source.onended = () => state.source === source && stop(root, state);
  state.context.resume();
  source.start();
  state.source = source;
  state.startedAt = state.context.currentTime;
  show(root, true);
  follow(root, state);
}

function stop(root, state) {
  cancelAnimationFrame(state.frame);
  const source = state.source;
  state.source = null;
  if (source) source.stop();
  show(root, false);
  if (state.buffer) draw(root, state, 0);
}

function show(root, playing) {
  const button = root.querySelector("button");
  root.dataset.playing = playing;
  button.setAttribute("aria-label", playing ? "Stop" : "Play");
  button.innerHTML = playing
    ? '<svg viewBox="0 0 24 24"><rect x="6" y="6" width="12" height="12" rx="1.5"/></svg>'
    : '<svg viewBox="0 0 24 24"><path d="M8 5.5v13l11-6.5z"/></svg>';
}

function follow(root, state) {
  if (!state.source) return;
  const seconds = state.context.currentTime - state.startedAt;
  draw(root, state, (seconds % state.buffer.duration) / state.buffer.duration);
  state.frame = requestAnimationFrame(() => follow(root, state));
}

function draw(root, state, played) {
  const canvas = root.querySelector("canvas");
  const scale = window.devicePixelRatio || 1;
  const width = (canvas.width = canvas.clientWidth * scale);
  const height = (canvas.height = canvas.clientHeight * scale);
  const style = getComputedStyle(root);
  const pen = canvas.getContext("2d");
  const bars = Math.max(1, Math.floor(width / (3 * scale)));
  const levels = peaks(state, bars);
  for (let i = 0; i < bars; i++) {
    const tall = Math.max(2 * scale, levels[i] * height);
    pen.fillStyle = style.getPropertyValue(i / bars < played ? "--played" : "--waiting");
    pen.fillRect(i * 3 * scale, (height - tall) / 2, 2 * scale, tall);
  }
}

function peaks(state, bars) {
  if (state.peaks?.bars === bars && state.peaks.id === state.id) return state.peaks.levels;
  const samples = state.buffer.getChannelData(0);
  const step = Math.max(1, Math.floor(samples.length / bars));
  const levels = Array.from({ length: bars }, (_, i) => {
    let most = 0;
    for (let j = i * step; j < (i + 1) * step; j += 8) most = Math.max(most, Math.abs(samples[j] ?? 0));
    return most;
  });
  const top = Math.max(...levels, 1e-6);
  state.peaks = { bars, id: state.id, levels: levels.map((level) => level / top) };
  return state.peaks.levels;
}
