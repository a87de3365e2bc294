package io.softq4j.graph.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The processor.
 *
 * @param model    its name
 * @param features those of the instruction sets that matter here that it has, in order of age
 * @param cores    physical cores; 0 if the system does not say
 */
public record Cpu(String model, List<String> features, int cores) {

    private static final List<String> RELEVANT =
            List.of("sse4_2", "avx", "fma", "avx2", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd",
            "sve");

    /** Reads {@code /proc/cpuinfo}; on other systems only the architecture is known. */
    public static Cpu read() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return new Cpu(System.getProperty("os.arch"), List.of(), 0);
        }
    }

    static Cpu parse(List<String> cpuinfo) {
        String model = System.getProperty("os.arch");
        Set<String> flags = new LinkedHashSet<>();
        Set<String> cores = new HashSet<>();
        String socket = "";
        for (String line : cpuinfo) {
            int colon = line.indexOf(':');
            String key = colon < 0 ? "" : line.substring(0, colon).strip();
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            switch (key) {
                case "model name" -> model = value;
                case "flags", "Features" -> flags.addAll(Arrays.asList(value.split(" ")));
                case "physical id" -> socket = value;
                case "core id" -> cores.add(socket + ":" + value);
                default -> { }
            }
        }
        return new Cpu(model, RELEVANT.stream().filter(flags::contains).toList(), cores.size());
    }

    public boolean has(String feature) {
        return features.contains(feature);
    }

    /** The build of ND4J with the richest instruction set this CPU can run, as the launcher picks it; empty where there is only one. */
    public String bestClassifierSuffix() {
        if (has("avx512f") && has("avx512bw") && has("avx512vl")) {
            return "-onednn-avx512";
        }
        return has("avx2") && has("fma") ? "-onednn-avx2" : "";
    }
}
