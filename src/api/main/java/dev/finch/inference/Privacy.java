package dev.finch.inference;

/** Where a prompt may go, from the strictest to the loosest. */
public enum Privacy {
  /** Never leaves this machine, whatever the state; fails where no local model can answer. */
  LOCAL_ONLY,
  /** Local where possible, Claude where policy allows. */
  LOCAL_FIRST,
  /** Claude only. */
  CLOUD_ONLY
}
