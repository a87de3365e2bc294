package io.softq4j.model.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which tensor goes into which file: in the order given, a new shard as soon as the next tensor would make the current one too large; a
 * tensor larger than a shard is alone in one. What fits into one file is {@code model.safetensors} without an index.
 *
 * @param files     name of the file to its tensors, in order
 * @param totalSize bytes of all tensors
 */
record ShardPlan(Map<String, List<WritableTensor>> files, long totalSize) {

    /**
     * Plans.
     *
     * @param maxShardBytes bytes of tensors in one file, without its header
     * @throws IllegalArgumentException if two tensors have the same name: a tied weight is given once
     */
    static ShardPlan of(Collection<? extends WritableTensor> tensors, long maxShardBytes, DType dtype) {
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("maxShardBytes " + maxShardBytes + " is not positive");
        }
        List<List<WritableTensor>> shards = new ArrayList<>();
        shards.add(new ArrayList<>());
        long totalSize = 0;
        long shardSize = 0;
        for (WritableTensor tensor : tensors) {
            long bytes = (long) tensor.size() * dtype.bytes();
            if (shardSize > 0 && bytes > maxShardBytes - shardSize) {
                shards.add(new ArrayList<>());
                shardSize = 0;
            }
            shards.get(shards.size() - 1).add(tensor);
            shardSize += bytes;
            totalSize += bytes;
        }
        Map<String, List<WritableTensor>> files = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            files.put(shards.size() == 1 ? WeightFiles.SINGLE : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1,
                    shards.size()),
                    shards.get(i));
        }
        ShardPlan plan = new ShardPlan(files, totalSize);
        plan.index(); // finds a name that is in two shards before anything is written
        return plan;
    }

    /** Where each tensor is. */
    ShardIndex index() {
        Map<String, String> shards = new TreeMap<>();
        files.forEach((file, tensors) -> {
            for (WritableTensor tensor : tensors) {
                if (shards.put(tensor.name(), file) != null) {
                    throw new IllegalArgumentException("two tensors named " + tensor.name());
                }
            }
        });
        return new ShardIndex(shards, OptionalLong.of(totalSize));
    }
}
