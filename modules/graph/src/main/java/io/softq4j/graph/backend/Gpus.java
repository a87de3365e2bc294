package io.softq4j.graph.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The NVIDIA GPUs of this machine.
 *
 * @param gpus    in the order in which CUDA numbers them
 * @param problem why there is none; empty if there is one
 */
public record Gpus(List<Gpu> gpus, String problem) {

    private static final String[] QUERY = {"nvidia-smi",
            "--query-gpu=index,uuid,name,compute_cap,memory.total,driver_version", "--format=csv,noheader"};
    private static final int SECONDS = 20;

    public Gpus {
        gpus = List.copyOf(gpus);
        if (gpus.isEmpty() == problem.isEmpty()) {
            throw new IllegalArgumentException("either GPUs or the reason why there is none");
        }
    }

    /** Asks {@code nvidia-smi}, and leaves out what {@code CUDA_VISIBLE_DEVICES} hides. A machine without it has no GPU. */
    public static Gpus probe() {
        return ask().visible(System.getenv("CUDA_VISIBLE_DEVICES"));
    }

    private static Gpus ask() {
        try {
            Process process = new ProcessBuilder(QUERY).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return none("nvidia-smi gives no answer");
            }
            return process.exitValue() == 0 ? parse(output) : none("nvidia-smi says: " + output.strip().lines().findFirst()
                    .orElse("nothing"));
        } catch (IOException e) {
            return none("no NVIDIA driver (nvidia-smi is not installed)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return none("interrupted");
        }
    }

    private static Gpus none(String problem) {
        return new Gpus(List.of(), problem);
    }

    /** Reads the answer of {@code nvidia-smi}: a line a GPU, six fields between commas. */
    static Gpus parse(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        for (String line : csv.lines().filter(l -> !l.isBlank()).toList()) {
            String[] fields = line.split("\\s*,\\s*");
            try {
                gpus.add(new Gpu(Integer.parseInt(fields[0].strip()), fields[1], fields[2],
                        ComputeCapability.parse(fields[3]), fields[4], fields[5].strip()));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                return none("nvidia-smi says: " + line.strip());
            }
        }
        return gpus.isEmpty() ? none("nvidia-smi lists no GPU") : new Gpus(gpus, "");
    }

    /**
     * As the CUDA runtime reads {@code CUDA_VISIBLE_DEVICES}: numbers or UUIDs in a new order, up to the first that there is not. Null
     * shows all.
     */
    Gpus visible(String environment) {
        if (environment == null || gpus.isEmpty()) {
            return this;
        }
        List<Gpu> visible = new ArrayList<>();
        for (String name : environment.split(",")) {
            String wanted = name.strip();
            Gpu gpu = gpus.stream()
                    .filter(g -> wanted.equals(String.valueOf(g.index())) || wanted.length() > 4 && g.uuid().startsWith(wanted))
                    .findFirst().orElse(null);
            if (gpu == null) {
                break;
            }
            visible.add(gpu);
        }
        return visible.isEmpty() ? none("CUDA_VISIBLE_DEVICES is '" + environment + "', which shows none of the " + gpus.size() + " GPUs")
                : new Gpus(visible, "");
    }
}
