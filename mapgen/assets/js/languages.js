// The choice of languages. The language stands in the address; another one is another start of the page, see translate.js.
import {keepInAddress} from "./address.js";
import {register} from "./features.js";

register(({ data }) => {
  const { own, offered } = data.languages;
  const current = document.documentElement.lang;
  // What the page has been opened with is what it is in: it does not start again for that.
  const asked = /[#&]language=([\w-]+)/.exec(window.location.hash)?.[1] || own;

  keepInAddress("language", {
    write: () => (current === own ? [] : [current]),
    read: ([wanted = own]) => {
      if (offered.includes(wanted) && wanted !== current && wanted !== asked) window.location.reload();
    },
  });
  for (const button of document.querySelectorAll(".languages button")) {
    button.addEventListener("click", () => {
      const kept = window.location.hash.slice(1).split("&").filter((part) => !part.startsWith("language="));
      const wanted = button.lang === own ? [] : ["language=" + button.lang];
      window.location.hash = [...(kept.length ? kept : [""]), ...wanted].join("&");
    });
  }
});
