// Questions to the preview itself, with the token that only its own pages hold.

export async function ask(preview, action, question) {
  const response = await fetch(preview.path + action, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Mapgen-Token": preview.token },
    body: JSON.stringify(question),
  });
  const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
  if (isJson) return response.json();
  return { problems: [{ at: "", text: (await response.text()).trim() }] };
}
