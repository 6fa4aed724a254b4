import type { Words } from "./zh";

export const en: Words = {
  name: "Gongshu",
  tagline: "Authorized operation of public data",
  skip: "Skip to content",
  language: "中文",
  nav: {
    label: "Main", catalogue: "Catalogue", market: "Products", tasks: "My tasks", chain: "Authorization chain", develop: "Develop and check",
    live: "Live supervision", verify: "Verify a receipt", rules: "Rules", parties: "Parties and keys",
  },
  common: {
    signIn: "Sign in", signOut: "Sign out", submit: "Submit", cancel: "Cancel", close: "Close", retry: "Try again", empty: "Nothing here yet", loading: "Loading",
    recorded: "Recorded in the ledger, receipt {{index}}", actions: "Actions", status: "Status", from: "From", until: "Until", reason: "Reason", details: "Details",
    provider: "Data provider", yuan: "{{amount}} yuan", free: "Free", name: "Name", search: "Search", required: "Please fill this in", add: "Add one", remove: "Remove",
    invalidJson: "not valid JSON: {{reason}}", signInFirst: "Please sign in first", none: "None",
  },
  problem: { rule: "Rule", source: "Source", remedy: "What to do", location: "At line {{line}}, column {{column}}", rows: "Rows with problems", row: "Line {{line}}, column {{column}}", receipt: "Receipt of the refusal: {{index}}" },
  session: { title: "Sign in", login: "Login", password: "Password", hint: "`make demo` lists the demo accounts.", as: "{{name}} ({{role}})" },
  role: { agency: "implementing agency", provider: "data provider", operator: "operator", partner: "partner", consumer: "consumer", subject: "data subject", supervisor: "supervisor" },
  state: { applied: "Applied", granted: "Granted", frozen: "Frozen", proposed: "Proposed", signed: "Signed", given: "Approved", declined: "Declined", waiting: "Waits for the provider", in_operation: "In operation", destruction_ordered: "Being destroyed", destroyed: "Destroyed", open: "Open", closed: "Ended", live: "Live", withdrawn: "Withdrawn", listed: "Listed", unlisted: "Not listed" },
  priceClass: { public_governance: "Public governance (free)", public_welfare: "Public welfare (free)", industry: "Industry (charged)" },
  catalogue: {
    title: "Catalogue", search: "Search by name or provider", table: "Table", fields: "Fields", versions: "Versions", rows: "Rows", quarantined: "Quarantined", release: "Release rule", level: "Level", type: "Type", meaning: "Meaning",
    register: "Register a resource", upload: "Upload a version", file: "Data file", uploaded: "{{rows}} rows ingested, {{quarantined}} quarantined, receipt {{index}}", destroy: "Destroy version", destroyed: "The key is gone; the data cannot be read again", source: "SHA-256 of the source", boundary: "Boundary", basis: "Legal basis", frequency: "Frequency", contact: "Contact", area: "Field of application", summary: "Summary", subjectKey: "Subject key column", sourceSpec: "File format (JSON)", fieldsJson: "Fields (JSON)",
  },
  market: {
    title: "Products", console: "Console", parameters: "Parameters", purpose: "Purpose", call: "Call the product", answer: "Answer", receipt: "Receipt", index: "Receipt number", fee: "Fee", suppressed: "Cells held back for too few subjects: {{count}}", rows: "{{count}} rows", save: "Save the answer file", verify: "Verify here", query: "Query", price: "Price", ceiling: "Ceiling", developer: "Developer", scenario: "Scenario", subscribe: "Subscribe", quota: "Call quota", setCeiling: "Set the ceiling", setPrice: "Set the price", list: "List the product", basis: "Basis of the calculation", proof: "Proof", openings: "Openings", available: "Available", unavailable: "Unavailable", notYet: "After a call, the answer and its receipt stand here side by side.", derivation: "Derivation hash", resources: "Resources",
  },
  tasks: { title: "My tasks", empty: "Nothing waits for you", approve: "Approve the use", decline: "Decline", grant: "Grant the scenario", sign: "Sign the agreement", open: "Go to it" },
  chain: {
    title: "Authorization chain", agreements: "Agreements", scenarios: "Scenarios", subscriptions: "Subscriptions", consents: "Consents", revenue: "Revenue", propose: "Propose an agreement", apply: "Apply for a scenario", give: "Give consent", withdraw: "Withdraw consent", freeze: "Freeze the scenario", thaw: "Thaw the scenario", engage: "Engage a partner",
    operator: "Operator", resources: "Resources", purposes: "Purposes", clauses: "Clauses", shares: "Revenue shares", sharePercent: "Share (basis points)", party: "Party", agreement: "Agreement", priceClass: "Price class", fields: "Fields", consumerClass: "Consumers", technique: "Technique", outputForm: "Form of output", quota: "Call quota", consumer: "Consumer", subject: "Subject", calls: "Calls", charged: "Charged", received: "Received", product: "Product", approvals: "Providers' word", partner: "Partner", liability: "SHA-256 of the joint-liability agreement", term: "Term", consentResource: "Resource",
  },
  develop: { title: "Develop and check", hint: "Here a query is checked for its information flow; no data is read.", scenario: "Scenario", sql: "SQL query", check: "Check the query", passed: "The check has passed", parametersJson: "Parameters (JSON)", subject: "Index of the subject's parameter (optional)", subjectResource: "Resource of the subject", submit: "Submit the product", name: "Product name", summary: "Product summary" },
  live: { title: "Live supervision", connected: "Connected", lost: "Connection lost, trying again", refusedOnly: "Refusals only", at: "Time", actor: "Party", event: "Event", outcome: "Outcome", recorded: "Recorded", answered: "Answered", refused: "Refused", scenarios: "Control of scenarios", feed: "Feed" },
  verify: { title: "Verify a receipt", intro: "The check runs in your browser and asks nobody. Take the public key from a source you trust other than this platform.", text: "Answer file or receipt", key: "Public key of the log", run: "Verify", ok: "Verified", bad: "Not verified", file: "Choose a file", entry: "Ledger entry", position: "Entry {{index}} of {{size}} ({{origin}})", steps: "Steps", fillKey: "Use the key this platform publishes", step: { parse: "Parse", openings: "Openings", inclusion: "Inclusion proof", checkpoint: "Checkpoint signature", answer: "Answer" } },
  rules: { title: "Rules", id: "Rule", text: "Text", source: "Source", article: "Article", confidence: "Confidence", parameters: "Parameters" },
  parties: { title: "Parties and keys", register: "Register a party", code: "Unified social credit code", role: "Role", organization: "Organization", keys: "API keys", issue: "Issue a key", label: "What it is for", once: "The key is shown this once; keep it now:" },
};
