/* SPDX-License-Identifier: Apache-2.0 */
/* Inspects bundles in several threads and hands on the results in their order. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lint/cmd-lint.h"

#define STACK_SIZE ((size_t)2 << 20)

/*
 * Enough that a slow item does not leave the other threads idle, and that the caller, who is woken
 * when half of them are taken, is woken seldom.
 */
#define ITEMS_PER_JOB 16

enum state { ITEM_FREE, ITEM_READY, ITEM_DONE };

/*
 * A ring of items. Those from @out to @in exist; the threads take them in order, at @taken, and
 * the caller gives them to done() in order, at @out.
 */
struct pool {
	const struct pool_ops *ops;
	void *ctx;
	char *items;
	enum state *states;
	size_t window, in, taken, out; /* the last three only grow */
	bool stop;
	pthread_mutex_t lock; /* of everything above but the items themselves */
	pthread_cond_t ready; /* for the threads: there is an item to take */
	pthread_cond_t few;   /* for the caller: at most half of the ring is still to be taken */
	pthread_cond_t done;  /* the same: the item at @out is */
};

static void *item_at(struct pool *pool, size_t i)
{
	return pool->items + (i % pool->window) * pool->ops->size;
}

static bool has_many(const struct pool *pool)
{
	return pool->in - pool->taken > pool->window / 2;
}

static void *worker(void *arg)
{
	struct pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		size_t mine;

		while (pool->taken == pool->in && !pool->stop)
			pthread_cond_wait(&pool->ready, &pool->lock);
		if (pool->taken == pool->in)
			break;
		mine = pool->taken++;
		if (!has_many(pool))
			pthread_cond_signal(&pool->few);
		pthread_mutex_unlock(&pool->lock);
		pool->ops->work(pool->ctx, item_at(pool, mine));
		pthread_mutex_lock(&pool->lock);
		pool->states[mine % pool->window] = ITEM_DONE;
		if (mine == pool->out)
			pthread_cond_signal(&pool->done);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Fill the ring; false when there are no more items. */
static bool fill(struct pool *pool)
{
	while (pool->in - pool->out < pool->window) {
		void *item = item_at(pool, pool->in);

		memset(item, 0, pool->ops->size);
		if (!pool->ops->next(pool->ctx, item))
			return false;
		pthread_mutex_lock(&pool->lock);
		pool->states[pool->in++ % pool->window] = ITEM_READY;
		pthread_cond_signal(&pool->ready);
		pthread_mutex_unlock(&pool->lock);
	}
	return true;
}

/* Give at least one item to done(), and all that follow it and are finished. */
static void drain(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (has_many(pool))
		pthread_cond_wait(&pool->few, &pool->lock);
	while (pool->states[pool->out % pool->window] != ITEM_DONE)
		pthread_cond_wait(&pool->done, &pool->lock);
	while (pool->states[pool->out % pool->window] == ITEM_DONE) {
		void *item = item_at(pool, pool->out);

		pthread_mutex_unlock(&pool->lock);
		pool->ops->done(pool->ctx, item);
		pthread_mutex_lock(&pool->lock);
		pool->states[pool->out++ % pool->window] = ITEM_FREE;
	}
	pthread_mutex_unlock(&pool->lock);
}

/* With as many threads as can be started; false: with none, and nothing was done. */
static bool run_threads(struct pool *pool, pthread_t *threads, unsigned jobs)
{
	pthread_attr_t attributes;
	unsigned n = 0;
	bool more = true;

	/* Their default is the limit of the stack, which may be too small for the work. */
	if (pthread_attr_init(&attributes) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
	while (n < jobs && pthread_create(&threads[n], &attributes, worker, pool) == 0)
		n++;
	pthread_attr_destroy(&attributes);
	while (n && (more || pool->out < pool->in)) {
		more = more && fill(pool);
		if (pool->out < pool->in)
			drain(pool);
	}
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->ready);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return n > 0;
}

static void run_alone(struct pool *pool)
{
	for (;;) {
		memset(pool->items, 0, pool->ops->size);
		if (!pool->ops->next(pool->ctx, pool->items))
			break;
		pool->ops->work(pool->ctx, pool->items);
		pool->ops->done(pool->ctx, pool->items);
	}
}

bool pool_run(const struct pool_ops *ops, void *ctx, unsigned jobs)
{
	struct pool pool = { .ops = ops, .ctx = ctx, .window = (size_t)jobs * ITEMS_PER_JOB };
	pthread_t *threads = calloc(jobs, sizeof(*threads));
	bool ok;

	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.ready, NULL);
	pthread_cond_init(&pool.few, NULL);
	pthread_cond_init(&pool.done, NULL);
	pool.items = calloc(pool.window, ops->size);
	pool.states = calloc(pool.window, sizeof(*pool.states));
	ok = threads && pool.items && pool.states;
	if (ok && (jobs == 1 || !run_threads(&pool, threads, jobs)))
		run_alone(&pool);
	free(threads);
	free(pool.items);
	free(pool.states);
	pthread_cond_destroy(&pool.done);
	pthread_cond_destroy(&pool.few);
	pthread_cond_destroy(&pool.ready);
	pthread_mutex_destroy(&pool.lock);
	return ok;
}
