"""What to prepare at Google before signing in, step by step, and what each of its error pages means."""

from __future__ import annotations

HOME_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>recipflow, for me</title>
<h1>recipflow, for me</h1>
<p>I use <b>recipflow</b> on my own computer. It reads my own mail and calendar and reminds me
   whom to thank and whom to answer. Nobody else uses this client.</p>
<h2 id="privacy">Privacy</h2>
<p>It reads messages and events of the account that signs in, with the scopes gmail.readonly and
   calendar.readonly; where I switch that on, it sends me a daily mail (gmail.send) and keeps
   reminders in a calendar of its own (calendar.app.created). What it reads stays on my computer.
   There is no server, nothing is passed on, nothing is used for advertising or for training models.
   I can remove everything by deleting its folder and by taking the permission back at
   https://myaccount.google.com/permissions. Questions: YOUR ADDRESS.</p>
</html>
"""
"""A page to publish wherever you have one: the console asks for a home page and a privacy policy."""

EXPLANATION = f"""\
Google lets no program read mail with a key that others share, unless a company pays for a yearly audit. So you make a \
key of your own: once, free of charge, in about a quarter of an hour. An app password with recipflow connect imap is \
quicker; it reads mail, but no calendars.

1. A project

  https://console.cloud.google.com/projectcreate
  Name it as you like (recipflow), and choose it in the list at the top.

2. The two interfaces, each with “Enable”

  https://console.cloud.google.com/apis/library/gmail.googleapis.com
  https://console.cloud.google.com/apis/library/calendar-json.googleapis.com

3. The consent page

  https://console.cloud.google.com/auth/overview
  “Get started”: any name, your own address twice, audience:
  - Internal, if you are offered it (Google Workspace). It never expires: go on with step 5.
  - External otherwise.

4. Publish it (only External)

  https://console.cloud.google.com/auth/audience
  “Publish app”. While it says “Testing”, each sign-in dies after seven days, and only the test
  users you list there can sign in. If you are asked for a home page and a privacy policy, put
  the page below anywhere on the web (a gist, a site of yours) and enter its address under
  https://console.cloud.google.com/auth/branding
  You need no verification: you are the only user. Should Google not let you publish, stay in
  Testing, add yourself as a test user, and sign in again once a week.

5. The client

  https://console.cloud.google.com/auth/clients
  “Create client”, application type “Desktop app”, then “Download JSON”. Keep that file for yourself.

6. Sign in

  recipflow connect gmail --client ~/Downloads/client_secret_….json
  Google warns that it has not verified the app: it is yours. “Advanced”, “Go to … (unsafe)”.
  Then tick every box. What you leave unticked, recipflow goes without.

Only reading is asked for. For the daily mail add --allow digest, for reminders in a calendar of their own \
--allow reminders: both may be added later, by signing in again.

What Google's error pages mean

  Error 403: access_denied         The app is in Testing and you are no test user: step 4.
  “has not verified this app”      Not an error: “Advanced”, then “Go to … (unsafe)”.
  Error 400: redirect_uri_mismatch The client is not of the type “Desktop app”: step 5.
  Error 401: invalid_client        The client was deleted, or the JSON is of another project: step 5.
  Error 401: deleted_client        The same.
  Error 403: org_internal          The project is Internal to an organisation this account is not of.
  Error 400: admin_policy_enforced Your organisation blocks it: its administrator can allow the client's
                                   id under Security, API controls, or you use an app password or files.
  Error 400: invalid_scope         One of the interfaces is not enabled: step 2.
  signed in, but after a week not  The app is still in Testing: step 4, then sign in once more.
  “API has not been used”          The interface is not enabled, or was a minute ago: step 2, then wait.

The page to publish, should you be asked for one

{"".join(f"  {line}" for line in HOME_PAGE.splitlines(keepends=True))}"""
