package io.softq4j.graph.plan;

import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the values of a schedule lie in the arena: each from the op that computes it to the last that reads it, on memory that no other
 * value has in that time. An output takes the place of an input of its op where the op allows it and nothing reads that input later.
 */
final class Placement {

    private final List<Node> nodes;
    private final Set<Value> elsewhere;
    private final Map<Value, Integer> lastUse = new IdentityHashMap<>();
    private final Map<Value, Arena.Block> blocks = new IdentityHashMap<>();
    private final Arena arena = new Arena();
    private final long bytes;

    /**
     * @param kept      values that stay to the end of the run
     * @param elsewhere computed values that have memory outside the arena
     */
    Placement(List<Node> nodes, Collection<Value> kept, Collection<Value> elsewhere) {
        this.nodes = nodes;
        this.elsewhere = new HashSet<>(elsewhere);
        for (int step = 0; step < nodes.size(); step++) {
            int at = step;
            nodes.get(step).inputs().forEach(value -> lastUse.put(value.root(), at));
        }
        kept.forEach(value -> lastUse.put(value.root(), Integer.MAX_VALUE));
        for (int step = 0; step < nodes.size(); step++) {
            place(nodes.get(step), step);
        }
        bytes = arena.place();
    }

    private void place(Node node, int step) {
        Set<Value> taken = new HashSet<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            Value output = node.outputs().get(i);
            if (output.alias != null || elsewhere.contains(output)) {
                continue;
            }
            Value source = node.inPlaceOf(i);
            Arena.Block block;
            if (source != null && lastUse.get(source) == step && blocks.containsKey(source) && source.bytes() == output.bytes()
                    && taken.add(source)) {
                block = blocks.get(source);
            } else {
                block = arena.add(output.bytes(), step);
            }
            block.usedAt(lastUse.getOrDefault(output, step));
            blocks.put(output, block);
        }
    }

    /** Size of the arena in bytes. */
    long bytes() {
        return bytes;
    }

    /** Offset of a value in the arena. */
    long offset(Value value) {
        return blocks.get(value.root()).offset();
    }

    /** Whether the arena holds the value. */
    boolean holds(Value value) {
        return blocks.containsKey(value.root());
    }
}
