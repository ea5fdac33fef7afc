package dev.finch.gguf;

import java.util.Set;

/** Names under {@code general.architecture} that releases of llama.cpp can load. */
public final class Architectures {

  /**
   * Release b4916 of 2025-03-18, read from the strings of the library that java-llama.cpp 4.2.0
   * ships.
   */
  public static final Set<String> B4916 =
      Set.of(
          "arctic",
          "arwkv7",
          "baichuan",
          "bert",
          "bitnet",
          "bloom",
          "chameleon",
          "chatglm",
          "codeshell",
          "cohere2",
          "command-r",
          "dbrx",
          "deci",
          "deepseek",
          "deepseek2",
          "exaone",
          "falcon",
          "gemma",
          "gemma2",
          "gemma3",
          "gpt2",
          "gptj",
          "gptneox",
          "granite",
          "granitemoe",
          "grok",
          "internlm2",
          "jais",
          "jina-bert-v2",
          "llama",
          "mamba",
          "minicpm",
          "minicpm3",
          "mpt",
          "nemotron",
          "nomic-bert",
          "olmo",
          "olmo2",
          "olmoe",
          "openelm",
          "orion",
          "phi2",
          "phi3",
          "phimoe",
          "plamo",
          "qwen",
          "qwen2",
          "qwen2moe",
          "qwen2vl",
          "refact",
          "rwkv6",
          "rwkv6qwen2",
          "rwkv7",
          "stablelm",
          "starcoder",
          "starcoder2",
          "t5",
          "t5encoder",
          "wavtokenizer-dec",
          "xverse");

  private Architectures() {}
}
