// Says why the page cannot run when it is opened from disk: there browsers load no modules. A plain script, which they do.
if (location.protocol === "file:") {
  document.getElementById("boot").hidden = true;
  document.getElementById("boot-file").hidden = false;
}
