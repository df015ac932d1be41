// Lets the service worker keep what is loaded, so that the page opens without a connection.

const PATIENCE = 3000; // milliseconds; the page works without it as well, but needs its connection

/** Wait, at a first visit, until requests go by the service worker; whether they did not before. */
export async function watched() {
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller) return false; // over plain HTTP there are none
  const over = new Promise((resolve) => {
    workers.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
  try {
    const { active } = await workers.register("sw.js");
    if (!active) await over; // else it is passed by on purpose, by a reload of everything
  } catch {
    return false; // where nothing may be kept
  }
  return true;
}

/** Keep what is left of all that the page needs, and look for another version of it.
 * @param {() => void} tell is told once all is kept */
export async function keepAll(tell) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", tell, { once: true });
  await workers.register("sw.js").catch(() => {}); // without a connection, it is the one that is kept
  (await workers.ready).active?.postMessage("keep");
}
