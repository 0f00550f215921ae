"""Outlook and Microsoft 365: mail and calendar through Microsoft Graph, signed in to with msal."""
