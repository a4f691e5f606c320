export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".speak");
  const quiet = () => { speechSynthesis.cancel(); button.textContent = "Read aloud"; };
  button.onclick = () => {
    if (button.textContent === "Stop") return quiet();
    const speech = new SpeechSynthesisUtterance(data);
    speech.lang = "en";
    speech.onend = quiet;
    button.textContent = "Stop";
    speechSynthesis.speak(speech);
  };
  return quiet;
}
