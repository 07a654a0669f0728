"""The one training loop: a generator of typed events that can be told things meanwhile, killed at any moment, and resumed."""

from __future__ import annotations

import math
from collections.abc import Generator
from functools import partial
from typing import Any

import torch

from hw2gui import files
from hw2gui.errors import CancelledError, UnavailableError, UserError
from hw2gui.jobs import Commands
from hw2gui.training import checkpoint, compute, health, schedule
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import COLLAPSED, BatchesDone, EpochDone, Event, Finished, Warned
from hw2gui.training.listener import Listener, StoppedError
from hw2gui.training.lock import Lock
from hw2gui.training.pace import Pace
from hw2gui.training.randomness import isolated
from hw2gui.training.run_folder import NAME_FILE, RunFolder, unwritable, versions
from hw2gui.training.saver import NotANumberError, Saver
from hw2gui.training.session import Session, prepare
from hw2gui.training.task import Task

CHUNK_S = 0.08
"""Batches are told of together, at most so often: what follows a training at 400 steps a second hears 12 events."""
NORM_EVERY = 25
"""The gradient's norm is measured at every so many-th step, …"""
DEAD_EVERY = 500
"""… the share of dead units at every so many-th."""
TIME_LEFT_S = 1.0
"""So often the time left is told and the lock renewed."""

Events = Generator[Event, None, None]


def train(task: Task, config: TrainingConfig, run: RunFolder, commands: Commands | None = None) -> Generator[Event, None, Finished]:
    """Train *task* in *run* as *config* says, from the start or from where the run's checkpoint is, listening to *commands*.

    The same seed gives the same numbers, bit for bit on a CPU with the same number of threads, however often the run was stopped or
    killed and resumed: whatever was drawn, ordered, summed or changed by hand is in the checkpoint, and what was done after it is done
    again. The caller's own random numbers are left alone.

    Raises `InputError` for a run that is finished or finds other data, `UnavailableError` for a folder in use, damaged files, a device
    that is not there, a disk that stays full to the end, and (after `Finished`, with the last good model kept) a loss that is no number.
    """
    lock = run.lock()
    try:
        lock.acquire()
    except OSError as error:
        raise unwritable(run.path, error) from error
    try:
        files.remove_temporaries(run.path, but=NAME_FILE)  # a run may be given a name without the lock
        return (yield from isolated(_train(task, config, run, commands or Commands(), lock), config.seed))
    finally:
        lock.release()


def _train(task: Task, config: TrainingConfig, run: RunFolder, commands: Commands, lock: Lock) -> Generator[Event, None, Finished]:
    with compute.computing(config.threads):
        session = prepare(task, config, run)
        loop = _Loop(session, commands, lock)
        try:
            finished = yield from loop.run()
        except NotANumberError as error:
            yield loop.failed(str(error))
            raise UnavailableError(str(error)) from None
        except CancelledError:
            raise
        except Exception as error:
            known = isinstance(error, UserError)
            loop.failed(str(error) if known else f"A fault of the program ended it ({type(error).__name__}: {error}).")
            raise
        finally:
            session.recorder.close()
        yield finished
        return finished


class _Loop:
    """One call of `train`."""

    def __init__(self, session: Session, commands: Commands, lock: Lock) -> None:
        self._session = session
        self._task, self._config, self._recorder = session.task, session.config, session.recorder
        self._at, self._model, self._optimizer = session.at, session.model, session.trained.optimizer
        self._take_step = compute.stepper(self._optimizer)
        self._lock = lock
        self._pace = Pace(self._at.step)
        self._saver = Saver(session, commands)
        self._listener = Listener(session, commands, self._saver, self._pace, lock, self._tell)
        self._rate = math.nan
        self._collapsed = False
        # Since the last time told.
        self._losses: list[torch.Tensor] = []
        self._sizes: list[int] = []
        self._norms: list[tuple[int, torch.Tensor]] = []
        self._dead: list[tuple[int, float]] = []

    def run(self) -> Generator[Event, None, Finished]:
        """Everything from the first event to the last but one."""
        at, config = self._at, self._config
        self._plan = self._session.plan(min(at.epoch + 1, config.epochs))
        self._per_epoch = len(self._plan)
        self._steps = self._per_epoch * config.epochs
        yield self._session.started(self._per_epoch)
        if self._session.resumed:
            yield from self._saver.attempt(lambda: self._recorder.state("running"))
            yield from self._compare_versions()
        else:
            yield from self._saver.save(epoch=True)
        self._pace.rest()
        try:
            while at.epoch < config.epochs:
                yield from self._epoch()
        except StoppedError:
            yield from self._tell()
            yield from self._saver.save("stopped", insist=True)
            return Finished("stopped", at.step, at.epoch, at.epoch, dict(at.metrics))
        return (yield from self._finish())

    def failed(self, sentence: str) -> Finished:
        """Note the failure in the folder, if that is still possible."""
        at = self._at
        for _ in self._saver.attempt(partial(self._recorder.state, "failed", sentence=sentence)):
            pass  # a warning about the disk would hide why it failed
        return Finished("failed", at.step, at.epoch, at.epoch, dict(at.metrics), sentence)

    def _compare_versions(self) -> Events:
        began, now = self._session.run.header.versions, versions()
        changed = [name for name in ("torch", "numpy") if began.get(name) != now[name]]
        if changed:
            names = " and ".join(f"{name} {began.get(name)}, now {now[name]}" for name in changed)
            yield Warned(
                self._at.step, "versions", f"This run was begun with {names}: its last digits may differ from those of an unbroken run."
            )

    def _epoch(self) -> Events:
        at, plan, listener, pace = self._at, self._plan, self._listener, self._pace
        self._model.train()
        while at.position < len(plan):
            if listener.wanted:
                yield from listener.listen()
            self._step(plan[at.position])
            if pace.since_mark() >= CHUNK_S:
                yield from self._tell()
            listener.batch_done()
        yield from self._tell()
        yield from self._close_epoch()

    def _step(self, batch: Any) -> None:
        at, config, model = self._at, self._config, self._model
        rate = schedule.learning_rate(config, at.step, self._steps, self._per_epoch, at.peak)
        if rate != self._rate:
            self._rate = rate
            compute.set_rate(self._optimizer, rate, schedule.momentum(config, at.step, self._steps))
        loss = self._task.gradients(model, batch)
        at.step += 1
        at.position += 1
        if at.step % NORM_EVERY == 0:
            self._norms.append((at.step, health.gradient_norm(model.parameters())))
        if config.clip:
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        self._take_step()
        self._losses.append(loss)
        self._sizes.append(len(batch))
        if at.step % DEAD_EVERY == 0:
            with self._session.looking():
                share = self._task.dead_share(model)
            if share is not None:
                self._dead.append((at.step, share))

    def _tell(self) -> Events:
        """Tell of the batches since the last time, and save when it is time. Here the losses are read, and found to be numbers."""
        if not self._losses:
            return
        at = self._at
        losses: list[float] = torch.stack(self._losses).tolist()
        good = next((index for index, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
        for loss, size in zip(losses[:good], self._sizes, strict=False):
            at.loss_sum += loss * size
            at.examples += size
        at.seconds += self._pace.lap(at.step)
        last = at.step - len(losses) + good
        norms = tuple((step, _short(float(norm))) for step, norm in self._norms if step <= last)
        told = tuple(map(_short, losses[:good]))
        event = BatchesDone(last, at.epoch + 1, told, self._rate, norms, tuple(self._dead), round(at.seconds, 3))
        self._losses, self._sizes, self._norms, self._dead = [], [], [], []
        if event.losses:
            yield from self._saver.attempt(lambda: self._recorder.batches(event))
            yield event
        if good < len(losses):
            raise self._saver.no_number(f"The loss is {losses[good]} at step {last + 1}")
        if self._pace.due(TIME_LEFT_S):
            self._lock.touch()
            yield self._pace.left(self._steps - at.step, self._config.epochs - at.epoch)
        if self._saver.due:
            yield from self._saver.save()

    def _close_epoch(self) -> Events:
        """Evaluate, save, then tell."""
        at, session, best = self._at, self._session, self._task.best
        metrics = {"train_loss": at.loss_sum / at.examples, **session.evaluate("validation")}
        if self._config.test == "every epoch":
            metrics |= session.evaluate("test")
        better = best.beats(metrics[best.metric], at.best_value)
        at.epoch, at.position, at.loss_sum, at.examples, at.metrics = at.epoch + 1, 0, 0.0, 0, metrics
        if better:
            at.best_epoch, at.best_value, at.best_metrics = at.epoch, metrics[best.metric], metrics
        samples = session.samples()
        at.seconds += self._pace.evaluated()
        event = EpochDone(at.epoch, at.step, dict(metrics), round(at.seconds, 3), better)
        yield from self._saver.attempt(lambda: self._recorder.epoch(event, samples))
        yield from self._saver.save(epoch=True)
        yield event
        yield from samples
        yield from self._look_for_collapse(metrics["train_loss"])
        if at.epoch < self._config.epochs:
            self._plan = session.plan(at.epoch + 1)
            self._listener.epoch_done()

    def _look_for_collapse(self, loss: float) -> Events:
        chance = self._task.chance_loss
        at, config = self._at, self._config
        if config.schedule == "one-cycle" and at.epoch == 1 < config.rise * config.epochs:
            return  # its rate still rises from a twenty-fifth: not to have learnt anything yet is no collapse
        collapsed = chance is not None and abs(loss / chance - 1) < COLLAPSED
        if collapsed and not self._collapsed:
            peak = config.learning_rate if at.peak is None else at.peak
            sentence = (
                f"The loss of epoch {at.epoch} is {loss:.3f}, about that of guessing ({chance:.3f}): the network has learnt next to "
                f"nothing. It has collapsed and needs a smaller learning rate than {peak:.2g}, or it has only begun to learn and needs "
                "a larger one or more epochs."
            )
            yield Warned(at.step, "collapsed", sentence)
        self._collapsed = collapsed

    def _finish(self) -> Generator[Event, None, Finished]:
        """Take the model the run stands for, look at the test data if that is allowed, and close the books."""
        at, session, config = self._at, self._session, self._config
        chosen, metrics = at.epoch, dict(at.metrics)
        if config.chosen == "best" and at.best_epoch:
            chosen, metrics = at.best_epoch, dict(at.best_metrics)
        if self._saver.saved_step != at.step or self._recorder.unwritten:
            yield from self._saver.save(insist=True)
        if config.test == "end":
            if chosen != at.epoch:
                weights = session.run.weights(chosen)
                checkpoint.load_arrays(session.model, weights.arrays, weights.path)
            metrics |= session.evaluate("test")
        self._recorder.final(chosen, metrics)
        yield from self._saver.insist(self._recorder.write_logs)
        yield from self._saver.insist(partial(self._recorder.state, "finished", chosen=chosen, metrics=metrics))
        return Finished("done", at.step, at.epoch, chosen, metrics)


def _short(value: float) -> float:
    """Six digits: more than a float32 is good for."""
    return float(f"{value:.6g}")
