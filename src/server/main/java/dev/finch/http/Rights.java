package dev.finch.http;

/**
 * What a caller may do beside asking.
 *
 * @param admin load, unload, fetch and remove models of any repository
 * @param files name files of this machine as models
 */
record Rights(boolean admin, boolean files) {

  static final Rights ORDINARY = new Rights(false, false);
  static final Rights ADMIN = new Rights(true, true);
}
