package dev.finch.cli.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.PosixSysTerminal;
import org.jline.terminal.spi.Pty;
import org.jline.utils.InfoCmp.Capability;

/**
 * The user's terminal without what makes JLine slow to open one: no probing (which also throws away
 * what was typed meanwhile), no {@code infocmp} child, no parsing of a terminfo text.
 */
public final class FastTerminal extends PosixSysTerminal {

  private static final String[] ANSI_FAMILIES = {
    "xterm",
    "screen",
    "tmux",
    "rxvt",
    "alacritty",
    "foot",
    "kitty",
    "vte",
    "konsole",
    "gnome",
    "linux",
    "wezterm",
    "ghostty",
    "st-"
  };

  private final FastProvider signals;
  private final AtomicInteger interrupts = new AtomicInteger();
  private volatile Runnable whenResized = () -> {};

  private FastTerminal(FastProvider provider, String type, Pty pty) throws IOException {
    super(
        provider,
        "finch",
        type,
        pty,
        StandardCharsets.UTF_8,
        StandardCharsets.UTF_8,
        StandardCharsets.UTF_8,
        true,
        Terminal.SignalHandler.SIG_DFL);
    this.signals = provider;
  }

  @Override
  public void raise(Signal signal) {
    if (signal == Signal.INT) {
      interrupts.incrementAndGet();
    }
    super.raise(signal);
    if (signal == Signal.WINCH) {
      whenResized.run();
    }
  }

  /** Runs this after each change of size, on a thread of the signal's, after the line editor. */
  public void onResize(Runnable action) {
    whenResized = action;
    // With a handler of its own the signal arrives while no line is being edited, too.
    handle(Signal.WINCH, _ -> {});
  }

  /**
   * Takes one Ctrl-C that nobody has answered yet; false where there is none. What the line editor
   * reports as an interrupt is often one, and sometimes the last one again.
   */
  public boolean takeInterrupt() {
    return interrupts.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  /** Whether there is a Ctrl-C that nobody has answered yet. */
  public boolean isInterrupted() {
    return interrupts.get() > 0;
  }

  @Override
  protected void doClose() throws IOException {
    super.doClose();
    signals.restoreSignals();
  }

  /** Opens the terminal that stdin and stdout are connected to. */
  public static FastTerminal open() throws IOException {
    FastProvider provider = FastProvider.create();
    return open(provider, provider.current());
  }

  /** Opens one end of a pseudo-terminal. */
  public static FastTerminal open(Pty pty) throws IOException {
    return open(FastProvider.create(), pty);
  }

  /** A pseudo-terminal of the usual size. */
  public static Pty openPty() throws IOException {
    return FastProvider.create().open(null, Size.of(80, 24));
  }

  private static FastTerminal open(FastProvider provider, Pty pty) throws IOException {
    String type = System.getenv("TERM");
    return new FastTerminal(provider, type == null ? "dumb" : type, pty);
  }

  /** Whether the terminal understands the sequences that all of xterm's descendants share. */
  private static boolean ansi(String type) {
    for (String family : ANSI_FAMILIES) {
      if (type.startsWith(family)) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected void parseInfoCmp() {
    if (!ansi(type)) {
      super.parseInfoCmp();
      return;
    }
    bools.add(Capability.auto_right_margin);
    bools.add(Capability.eat_newline_glitch);
    bools.add(Capability.move_insert_mode);
    bools.add(Capability.move_standout_mode);
    ints.put(Capability.max_colors, type.contains("256") || type.contains("kitty") ? 256 : 8);
    ints.put(Capability.columns, 80);
    ints.put(Capability.lines, 24);
    ints.put(Capability.init_tabs, 8);
    cursor();
    erasing();
    attributes();
    keys();
  }

  private void cursor() {
    strings.put(Capability.bell, "^G");
    strings.put(Capability.carriage_return, "^M");
    strings.put(Capability.cursor_address, "\\E[%i%p1%d;%p2%dH");
    strings.put(Capability.cursor_home, "\\E[H");
    strings.put(Capability.cursor_up, "\\E[A");
    strings.put(Capability.cursor_down, "^J");
    strings.put(Capability.cursor_left, "^H");
    strings.put(Capability.cursor_right, "\\E[C");
    strings.put(Capability.parm_up_cursor, "\\E[%p1%dA");
    strings.put(Capability.parm_down_cursor, "\\E[%p1%dB");
    strings.put(Capability.parm_left_cursor, "\\E[%p1%dD");
    strings.put(Capability.parm_right_cursor, "\\E[%p1%dC");
    strings.put(Capability.column_address, "\\E[%i%p1%dG");
    strings.put(Capability.row_address, "\\E[%i%p1%dd");
    strings.put(Capability.save_cursor, "\\E7");
    strings.put(Capability.restore_cursor, "\\E8");
    strings.put(Capability.cursor_invisible, "\\E[?25l");
    strings.put(Capability.cursor_normal, "\\E[?12l\\E[?25h");
    strings.put(Capability.cursor_visible, "\\E[?12;25h");
    strings.put(Capability.change_scroll_region, "\\E[%i%p1%d;%p2%dr");
    strings.put(Capability.scroll_forward, "^J");
    strings.put(Capability.scroll_reverse, "\\EM");
    strings.put(Capability.user6, "\\E[%i%d;%dR");
    strings.put(Capability.user7, "\\E[6n");
  }

  // None that inserts or deletes characters: terminals disagree about wide ones that it cuts.
  private void erasing() {
    strings.put(Capability.clear_screen, "\\E[H\\E[2J");
    strings.put(Capability.clr_eol, "\\E[K");
    strings.put(Capability.clr_bol, "\\E[1K");
    strings.put(Capability.clr_eos, "\\E[J");
    strings.put(Capability.insert_line, "\\E[L");
    strings.put(Capability.parm_insert_line, "\\E[%p1%dL");
    strings.put(Capability.delete_line, "\\E[M");
    strings.put(Capability.parm_delete_line, "\\E[%p1%dM");
  }

  private void attributes() {
    strings.put(Capability.enter_bold_mode, "\\E[1m");
    strings.put(Capability.enter_dim_mode, "\\E[2m");
    strings.put(Capability.enter_underline_mode, "\\E[4m");
    strings.put(Capability.exit_underline_mode, "\\E[24m");
    strings.put(Capability.enter_reverse_mode, "\\E[7m");
    strings.put(Capability.enter_standout_mode, "\\E[7m");
    strings.put(Capability.exit_standout_mode, "\\E[27m");
    strings.put(Capability.exit_attribute_mode, "\\E[m");
    strings.put(Capability.orig_pair, "\\E[39;49m");
    strings.put(Capability.set_a_foreground, "\\E[3%p1%dm");
    strings.put(Capability.set_a_background, "\\E[4%p1%dm");
    strings.put(Capability.enter_am_mode, "\\E[?7h");
    strings.put(Capability.exit_am_mode, "\\E[?7l");
    strings.put(Capability.keypad_xmit, "\\E[?1h\\E=");
    strings.put(Capability.keypad_local, "\\E[?1l\\E>");
  }

  private void keys() {
    strings.put(Capability.key_up, "\\EOA");
    strings.put(Capability.key_down, "\\EOB");
    strings.put(Capability.key_right, "\\EOC");
    strings.put(Capability.key_left, "\\EOD");
    boolean vt220 = type.startsWith("screen") || type.startsWith("tmux") || type.equals("linux");
    strings.put(Capability.key_home, vt220 ? "\\E[1~" : "\\EOH");
    strings.put(Capability.key_end, vt220 ? "\\E[4~" : "\\EOF");
    strings.put(Capability.key_backspace, "^H");
    strings.put(Capability.key_dc, "\\E[3~");
    strings.put(Capability.key_ic, "\\E[2~");
    strings.put(Capability.key_npage, "\\E[6~");
    strings.put(Capability.key_ppage, "\\E[5~");
    strings.put(Capability.back_tab, "\\E[Z");
    strings.put(Capability.key_btab, "\\E[Z");
  }
}
