// The search of the copy that is read without a server. Writes text only, never markup.
(function () {
  "use strict";
  var form = document.getElementById("sok");
  var field = document.getElementById("ord");
  var answer = document.getElementById("svar");
  var list = document.getElementById("treff");
  var most = 100;
  if (!form || typeof LIBRARY === "undefined") return;

  var lines = LIBRARY.map(function (row) {
    return { row: row, key: (row[0] + " " + row[1] + " " + row[3]).toLowerCase() };
  });

  function show() {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    var found = words.length
      ? lines.filter(function (line) {
          return words.every(function (word) { return line.key.indexOf(word) >= 0; });
        })
      : [];
    list.textContent = "";
    found.slice(0, most).forEach(function (line) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      var about = document.createElement("span");
      link.href = "dokumenter/" + encodeURIComponent(line.row[0]) + ".html";
      link.textContent = line.row[1];
      about.className = "meta";
      about.textContent = line.row[0] + " · " + line.row[2];
      item.append(link, about);
      list.append(item);
    });
    var words_of = found.length > most ? "more" : "found";
    answer.textContent = !words.length ? "" : form.dataset[found.length ? words_of : "none"]
      .replace("{count}", found.length);
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  field.addEventListener("input", show);
  show();
})();
