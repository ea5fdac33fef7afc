package dev.finch.engine;

import dev.finch.engine.Loader.Load;
import dev.finch.engine.Loader.LoadProgressed;

/** Tells the owner of a load how far it is, in steps of a percent. */
final class LoadReport implements EngineFactory.Progress {

  private static final double STEP = 0.01;

  private final Load load;
  private double told = -1;

  LoadReport(Load load) {
    this.load = load;
  }

  @Override
  public boolean loaded(double fraction) {
    if (fraction - told >= STEP || fraction >= 1) {
      told = fraction;
      load.replyTo().tell(new LoadProgressed(fraction));
    }
    return !load.ticket().cancelled();
  }
}
