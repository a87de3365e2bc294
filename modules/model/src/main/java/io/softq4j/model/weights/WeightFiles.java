package io.softq4j.model.weights;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights in a model directory as Hugging Face lays it out: {@code model.safetensors}, or {@code model.safetensors.index.json} with the
 * shards it names. Opening reads the headers alone; names, types and shapes of all tensors are then known, their values are read on demand.
 *
 * <p>Where both are there, {@code model.safetensors} is read, as transformers does, with a warning.
 */
public final class WeightFiles implements AutoCloseable {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final Pattern OWN = Pattern.compile("model(-\\d+-of-\\d+)?\\.safetensors|model\\.safetensors\\.index\\.json");
    /** Elements of two tensors that are compared at a time. */
    private static final int COMPARED = 1 << 16;
    private static final Logger LOG = LoggerFactory.getLogger(WeightFiles.class);

    private final Path directory;
    private final Collection<Safetensors> files;
    private final Map<String, Safetensors> tensors;

    private WeightFiles(Path directory, Collection<Safetensors> files) {
        this.directory = directory;
        this.files = files;
        this.tensors = new LinkedHashMap<>();
        for (Safetensors file : files) {
            for (String name : file.names()) {
                tensors.put(name, file);
            }
        }
    }

    /** Whether a directory has weights that {@link #open} would read. */
    public static boolean areIn(Path directory) {
        return Files.exists(directory.resolve(SINGLE)) || Files.exists(directory.resolve(INDEX));
    }

    /**
     * Opens the weights of a model directory.
     *
     * @throws UserError if there are none, or only in a format that has to be converted; if a file violates its format; if a shard is
     *                   missing; if index and shards disagree on where a tensor is
     */
    public static WeightFiles open(Path directory) {
        Path single = directory.resolve(SINGLE);
        Path index = directory.resolve(INDEX);
        if (Files.exists(single)) {
            if (Files.exists(index)) {
                LOG.warn("{} has both {} and {}: the first is read. Delete the one that is left from an earlier save.", directory, SINGLE,
                        INDEX);
            }
            return new WeightFiles(directory, List.of(Safetensors.open(single)));
        }
        if (!Files.exists(index)) {
            throw noWeights(directory);
        }
        return openShards(directory, index);
    }

    private static WeightFiles openShards(Path directory, Path file) {
        ShardIndex index = ShardIndex.read(file);
        Set<String> names = new TreeSet<>(index.shards().values());
        Set<String> missing = names.stream().filter(name -> !Files.exists(directory.resolve(name)))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!missing.isEmpty()) {
            throw new UserError(file + " names " + names.size() + " shards, of which " + missing.size() + " are not in " + directory + ": "
                    + OtherFormats.some(missing) + ". The copy or download is incomplete: finish it.");
        }
        Map<String, Safetensors> shards = new TreeMap<>();
        try {
            for (String name : names) {
                shards.put(name, Safetensors.open(directory.resolve(name)));
            }
            requireAgreement(file, index, shards);
            return new WeightFiles(directory, shards.values());
        } catch (RuntimeException e) {
            shards.values().forEach(Safetensors::close);
            throw e;
        }
    }

    private static void requireAgreement(Path file, ShardIndex index, Map<String, Safetensors> shards) {
        long size = 0;
        for (Map.Entry<String, Safetensors> shard : shards.entrySet()) {
            for (String tensor : shard.getValue().names()) {
                String expected = index.shards().get(tensor);
                if (expected == null) {
                    throw disagree(file, "shard " + shard.getKey() + " has tensor '" + tensor + "', which is not in the weight_map");
                }
                if (!expected.equals(shard.getKey())) {
                    throw disagree(file, "tensor '" + tensor + "' is in " + shard.getKey() + ", the weight_map has it in " + expected
                            + (shards.get(expected).names().contains(tensor) ? ", which has it too" : ""));
                }
                TensorInfo info = shard.getValue().info(tensor);
                size += info.end() - info.begin();
            }
        }
        index.shards().forEach((tensor, shard) -> {
            if (!shards.get(shard).names().contains(tensor)) {
                throw disagree(file, "tensor '" + tensor + "' is not in " + shard + ", where the weight_map has it");
            }
        });
        // no error: writers that counted a tied weight twice, or in another type, have left such files, and the shards were checked byte
        // for byte
        if (index.totalSize().isPresent() && index.totalSize().getAsLong() != size) {
            LOG.warn("{}: total_size is {}, the tensors take {} bytes. The shards agree with their own headers and the weight_map, so "
                    + "they are read.",
                    file, index.totalSize().getAsLong(), size);
        }
    }

    private static UserError disagree(Path index, String what) {
        return new UserError(index + " and its shards disagree: " + what
                + ". They come from different saves: copy or download the whole directory again.");
    }

    private static UserError noWeights(Path directory) {
        if (!Files.isDirectory(directory)) {
            return new UserError("no model directory at " + directory + ". Check the path; it is a directory with config.json and " + SINGLE
                    + ".");
        }
        return new UserError("no weights in " + directory + ": neither " + SINGLE + " nor " + INDEX + ". "
                + OtherFormats.advice(directory).orElse("Check the path, or finish the download."));
    }

    /** Names of the tensors, shard by shard and there in the order of their bytes, the order in which reading them is fastest. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /**
     * Type and shape of one tensor.
     *
     * @throws UserError if there is none of that name
     */
    public TensorInfo info(String name) {
        return holder(name).info(name);
    }

    /** The file a tensor is in. */
    public Path file(String name) {
        return holder(name).path();
    }

    /** The files, in the order of their names. */
    public List<Path> files() {
        return files.stream().map(Safetensors::path).toList();
    }

    /** Bytes of all tensors as they are stored. */
    public long bytes() {
        return tensors.keySet().stream().map(this::info).mapToLong(info -> info.end() - info.begin()).sum();
    }

    /**
     * Reads one tensor as float32.
     *
     * @param shape the extents it must have
     * @param into  {@code [product of shape]}, filled from index 0; its position is not moved
     * @throws UserError as {@link Safetensors#read}
     */
    public void read(String name, List<Integer> shape, FloatBuffer into) {
        holder(name).read(name, shape, into);
    }

    /** The same of which every value is a number. @throws UserError as {@link Safetensors#readFinite} */
    public void readFinite(String name, List<Integer> shape, FloatBuffer into) {
        holder(name).readFinite(name, shape, into);
    }

    /**
     * Reads consecutive elements of one tensor as float32.
     *
     * @param shape the extents the whole tensor must have
     * @param first index of the first element in row-major order
     * @param into  filled to its capacity; its position is not moved
     * @throws UserError as {@link Safetensors#read}
     */
    public void readPart(String name, List<Integer> shape, long first, FloatBuffer into) {
        holder(name).readPart(name, shape, first, into);
    }

    /** Whether two tensors have the same shape and, as float32, the same values. False if one cannot be read as that. */
    public boolean equal(String first, String second) {
        TensorInfo a = info(first);
        TensorInfo b = info(second);
        if (!a.shape().equals(b.shape()) || !a.dtype().isReadable() || !b.dtype().isReadable()) {
            return false;
        }
        for (long at = 0; at < a.size(); at += COMPARED) {
            FloatBuffer left = FloatBuffer.allocate((int) Math.min(COMPARED, a.size() - at));
            FloatBuffer right = FloatBuffer.allocate(left.capacity());
            readPart(first, a.shape(), at, left);
            readPart(second, b.shape(), at, right);
            if (!left.equals(right)) {
                return false;
            }
        }
        return true;
    }

    private Safetensors holder(String name) {
        Safetensors file = tensors.get(name);
        if (file == null) {
            throw new UserError("the weights in " + directory + " have no tensor '" + name + "'. They have " + tensors.size() + ": "
                    + OtherFormats.some(tensors.keySet()) + ". They belong to another model or configuration.");
        }
        return file;
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
    }

    /**
     * Makes {@code directory} hold exactly these weights, whole or not at all.
     *
     * @param tensors       in the order in which they are distributed over the shards; each is asked for its values once, one at a time
     * @param maxShardBytes bytes of tensors in one file; a larger tensor has a file of its own
     * @param dtype         F32, or BF16 for the nearest bfloat16, ties to even
     * @throws UserError                if {@code dtype} is another, the disk fails, or {@code directory} has files that are no weights,
     *                                  which would be lost
     * @throws IllegalArgumentException if two tensors have the same name: a tied weight is given once
     */
    public static void write(Path directory, Collection<? extends WritableTensor> tensors, long maxShardBytes, DType dtype) {
        if (Files.isDirectory(directory)) {
            Set<String> others = OtherFormats.list(directory).stream().filter(name -> !OWN.matcher(name).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!others.isEmpty()) {
                throw new UserError(directory + " has files that are no weights and would be lost: " + OtherFormats.some(others)
                        + ". Choose a directory that is new or has weights alone.");
            }
        }
        AtomicFiles.writeDirectory(directory, target -> writeInto(target, tensors, maxShardBytes, dtype));
    }

    /**
     * Writes the files of {@link #write} into a directory without weights, beside what else is there: for one that is itself being written
     * whole or not at all.
     */
    public static void writeInto(Path directory, Collection<? extends WritableTensor> tensors, long maxShardBytes,
            DType dtype) throws IOException {
        ShardPlan plan = ShardPlan.of(tensors, maxShardBytes, dtype.requireWritable());
        for (Map.Entry<String, List<WritableTensor>> file : plan.files().entrySet()) {
            try (OutputStream out = Files.newOutputStream(directory.resolve(file.getKey()), StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE)) {
                Safetensors.write(out, file.getValue(), dtype);
            }
        }
        if (plan.files().size() > 1) {
            plan.index().write(directory.resolve(INDEX));
        }
    }
}
