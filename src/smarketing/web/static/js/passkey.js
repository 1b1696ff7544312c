// Says in the page why a passkey did not work; without it the reason would stand in the console.
document.addEventListener("allauth.error", (event) => {
  const said = document.querySelector("[data-passkey-trouble]")
  if (!said) return
  event.preventDefault()
  said.hidden = false
})
