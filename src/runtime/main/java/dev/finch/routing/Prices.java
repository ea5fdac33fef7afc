package dev.finch.routing;

import dev.finch.inference.Cost;
import dev.finch.inference.TokenUsage;
import dev.finch.settings.Section;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The configuration section {@code finch.cloud.prices}: what each model's tokens cost. */
final class Prices {

  private final TreeMap<String, Price> byModel;

  private Prices(Map<String, Price> byModel) {
    this.byModel = new TreeMap<>(byModel);
  }

  /** Reads the table below {@code prices} of {@code finch.cloud}. */
  static Prices from(Section cloud) {
    Map<String, Price> byModel = new TreeMap<>();
    for (String model : cloud.names("prices")) {
      byModel.put(model, Price.from(cloud.named("prices", model)));
    }
    return new Prices(byModel);
  }

  /**
   * The price of a model, or null where it is not known. A dated name such as {@code
   * claude-haiku-4-5-20251001} has the price of the name without the date.
   */
  @Nullable Price of(String model) {
    Price exact = byModel.get(model);
    int dash = model.lastIndexOf('-');
    boolean dated = dash > 0 && model.substring(dash + 1).matches("\\d{8}");
    return exact == null && dated ? byModel.get(model.substring(0, dash)) : exact;
  }

  /**
   * What an answer cost; unknown where the model's price is.
   *
   * @param answeredBy the model that says that it answered
   * @param asked the model that was asked, whose price is taken where the other's is not known
   */
  Cost cost(String answeredBy, String asked, TokenUsage usage) {
    Price price = of(answeredBy);
    Price known = price == null ? of(asked) : price;
    return known == null ? Cost.UNKNOWN : known.of(usage);
  }
}
