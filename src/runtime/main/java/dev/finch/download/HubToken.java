package dev.finch.download;

/** An access token for the Hub, which prints as stars. */
record HubToken(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
