//! HTTP face: routes, sessions, live events and the portal's files.
