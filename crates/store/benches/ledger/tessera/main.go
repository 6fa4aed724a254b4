// Writers that each wait until their entry is proven under a published checkpoint, then send the next, against Trillian
// Tessera on POSIX files: `tessera FOLDER WRITERS SECONDS BYTES`.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

const (
	origin = "bench.example/log"
	// The shortest that Tessera allows on POSIX; by default it is seconds.
	checkpointEvery = 100 * time.Millisecond
	batchAge        = 5 * time.Millisecond
	pollEvery       = 2 * time.Millisecond
	// Of so many entries one is proven and verified, as with our own log.
	verifiedEvery = 1000
)

type bench struct {
	appender *tessera.Appender
	awaiter  *tessera.PublicationAwaiter
	reader   tessera.LogReader
	verifier note.Verifier
	bytes    int
	written  atomic.Int64
}

func main() {
	if len(os.Args) != 5 {
		log.Fatal("tessera FOLDER WRITERS SECONDS BYTES")
	}
	writers, seconds, bytes := number(os.Args[2]), number(os.Args[3]), number(os.Args[4])
	ctx := context.Background()
	bench, shutdown := open(ctx, os.Args[1], writers)
	bench.bytes = bytes
	begun := time.Now()
	times := bench.drive(ctx, writers, begun.Add(time.Duration(seconds)*time.Second))
	elapsed := time.Since(begun)
	if err := shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	slices.Sort(times)
	at := func(percent int) float64 { return times[(len(times)-1)*percent/100].Seconds() * 1e3 }
	fmt.Printf("%8.0f entries/s  p50 %.3f ms  p99 %.3f ms\n", float64(len(times))/elapsed.Seconds(), at(50), at(99))
}

func open(ctx context.Context, folder string, writers int) (*bench, func(context.Context) error) {
	secret, public, err := note.GenerateKey(rand.Reader, origin)
	check(err)
	signer, err := note.NewSigner(secret)
	check(err)
	verifier, err := note.NewVerifier(public)
	check(err)
	driver, err := posix.New(ctx, posix.Config{Path: folder})
	check(err)
	// A batch is full when every writer waits in it.
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(uint(min(writers, tessera.DefaultBatchMaxSize)), batchAge).
		WithCheckpointInterval(checkpointEvery)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	check(err)
	awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, pollEvery)
	return &bench{appender: appender, awaiter: awaiter, reader: reader, verifier: verifier}, shutdown
}

func (b *bench) drive(ctx context.Context, writers int, until time.Time) []time.Duration {
	var group sync.WaitGroup
	times := make([][]time.Duration, writers)
	for writer := range writers {
		group.Go(func() { times[writer] = b.write(ctx, until) })
	}
	group.Wait()
	return slices.Concat(times...)
}

func (b *bench) write(ctx context.Context, until time.Time) []time.Duration {
	var times []time.Duration
	for time.Now().Before(until) {
		begun := time.Now()
		number := b.written.Add(1)
		entry := make([]byte, b.bytes)
		copy(entry, strconv.FormatInt(number, 10))
		index, checkpoint, err := b.awaiter.Await(ctx, b.appender.Add(ctx, tessera.NewEntry(entry)))
		check(err)
		if number%verifiedEvery == 1 {
			b.verify(ctx, index.Index, entry, checkpoint)
		}
		times = append(times, time.Since(begun))
	}
	return times
}

func (b *bench) verify(ctx context.Context, index uint64, entry, text []byte) {
	published := func(context.Context) ([]byte, error) { return text, nil }
	checkpoint, _, _, err := client.FetchCheckpoint(ctx, published, b.verifier, origin)
	check(err)
	builder, err := client.NewProofBuilder(ctx, checkpoint.Size, b.reader.ReadTile)
	check(err)
	path, err := builder.InclusionProof(ctx, index)
	check(err)
	leaf := rfc6962.DefaultHasher.HashLeaf(entry)
	check(proof.VerifyInclusion(rfc6962.DefaultHasher, index, checkpoint.Size, leaf, path, checkpoint.Hash))
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
