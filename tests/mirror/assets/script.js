"use strict";
// What the links of the pages call; nothing here talks to anyone.
function GoToMessage(id) {
  const message = document.getElementById("message" + id);
  if (!message) return true;
  message.scrollIntoView({ behavior: "smooth", block: "center" });
  return false;
}
function CheckLocation() {
  const match = /^#go_to_message(-?\d+)$/.exec(location.hash);
  if (match) GoToMessage(match[1]);
}
function ShowSpoiler(element) { element.classList.toggle("hidden"); }
function ShowHashtag() { return false; }
function ShowCashtag() { return false; }
function ShowBotCommand() { return false; }
function ShowMentionName() { return false; }
function ShowNotLoadedEmoji() { return false; }
function ShowNotAvailableEmoji() { return false; }
function ShowTextCopied(text) { navigator.clipboard?.writeText(text); return false; }
function GoBack() { history.back(); return false; }
