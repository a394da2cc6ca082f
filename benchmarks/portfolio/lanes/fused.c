/* The rule set in 64-bit integers: one loop, every intermediate in a register. Exact, because
   the declared maxima of the data keep each product below 2^63. */

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const int64_t *generation;
    const int8_t *plant_class;
    const int8_t *class_override;
    const int64_t *correction;
    const int64_t *heat;
} Plant;

typedef struct {
    const int64_t *quantity;
    const int16_t *vintage;
} Batch;

typedef struct {
    const int8_t *sector;
    const int64_t *emissions, *before, *before_that;
    const uint8_t *closed;
    const int64_t *held;
    const uint8_t *surrendered;
    const int64_t *price;
    Plant plants[3];
    Batch batches[2];
} Inputs;

typedef struct {
    uint8_t *covered;
    int64_t *allocation, *obligation, *usable, *shortfall;
    uint8_t *compliant;
    int64_t *fine_low, *fine_high;
} Outputs;

static const int64_t benchmark[5] = {0, 8177, 8729, 9303, 3901};
static const int64_t heat_benchmark[5] = {0, 111100000, 111100000, 111100000, 56000000};
static const int64_t threshold = 2600000;

static inline int64_t plant(const Plant *p, size_t i)
{
    int own = p->plant_class[i], override = p->class_override[i];
    return p->generation[i] * benchmark[override ? override : own] * p->correction[i]
         + p->heat[i] * heat_benchmark[own];
}

static inline int64_t batch(const Batch *b, size_t i)
{
    return b->vintage[i] >= 2021 ? b->quantity[i] : 0;
}

void compute(const Inputs *in, const Outputs *out, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        int64_t emissions = in->emissions[i];
        int covered = (in->sector[i] <= 3) & (emissions >= threshold)
                    & ((in->before[i] >= threshold) | (in->before_that[i] >= threshold))
                    & !in->closed[i];
        int64_t allocation = 0, obligation = 0;
        if (covered) {
            int64_t total = plant(&in->plants[0], i) + plant(&in->plants[1], i)
                          + plant(&in->plants[2], i);
            allocation = (total + 50000000000) / 100000000000;
            int64_t capped = allocation * 1000 + emissions * 2;
            obligation = emissions * 10 < capped ? emissions * 10 : capped;
        }
        int64_t credits = (batch(&in->batches[0], i) + batch(&in->batches[1], i)) * 100000;
        int64_t cap = obligation * 5;
        int64_t usable = credits < cap ? credits : cap;
        int64_t missing = obligation * 100 - (in->surrendered[i] ? in->held[i] : 0) - usable;
        int64_t shortfall = missing > 0 ? missing : 0;
        int64_t owed = shortfall * in->price[i];
        out->covered[i] = covered;
        out->allocation[i] = allocation;
        out->obligation[i] = obligation;
        out->usable[i] = usable;
        out->shortfall[i] = shortfall;
        out->compliant[i] = shortfall == 0;
        out->fine_low[i] = (owed * 5 + 50000) / 100000;
        out->fine_high[i] = (owed + 5000) / 10000;
    }
}
