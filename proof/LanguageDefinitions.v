(* A language model as a textbook defines it, over the integers: tokens are embedded, pass layers
   and a norm, and the next token is the likeliest one. Nothing here knows of circuits or
   programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers Definitions LayerDefinitions.
Import ListNotations.
Open Scope Z_scope.

(* The input bits x are the one-hot codes of n tokens, out of so many words. *)
Definition one_hot (words n : nat) (tokens : nat -> nat) (x : nat -> bool) : Prop :=
  forall i, (i < n)%nat -> (tokens i < words)%nat /\
    forall w, (w < words)%nat -> x (i * words + w)%nat = (w =? tokens i)%nat.

(* They are the numbers of n tokens, of p bits each. *)
Definition binary (words p n : nat) (tokens : nat -> nat) (x : nat -> bool) : Prop :=
  forall i, (i < n)%nat -> (tokens i < words)%nat /\ unsigned p x (i * p) = Z.of_nat (tokens i).

(* A model of so many words and d features. The table has a row for each word. It embeds tokens, and
   it gives the logits of words. Positions have codes. *)
Section Model.
  Variables (words d : nat) (table : list (list Z)) (codes : nat -> nat -> Z).
  Variable layers : list ((nat -> nat -> Z) -> nat -> nat -> Z).
  Variable norm : (nat -> nat -> Z) -> nat -> nat -> Z.

  (* The features of word w. *)
  Definition word_vector (w f : nat) : Z := nth f (nth w table []) 0.

  (* The sequence of tokens, each with the code of its position. *)
  Definition embed (tokens : nat -> nat) : nat -> nat -> Z :=
    with_codes codes (fun i f => word_vector (tokens i) f).

  (* The logit of word w after n tokens: its scalar product with the last position. *)
  Definition logit (n : nat) (tokens : nat -> nat) (w : nat) : Z :=
    bigsum d (fun f => word_vector w f * norm (stack layers (embed tokens)) (n - 1)%nat f).

  (* The next token: the word with the greatest logit, the leftmost of several. *)
  Definition next_token (n : nat) (tokens : nat -> nat) : nat := leftmost words (logit n tokens).
End Model.

(* Chain of thought: n tokens are read, and one after another so many are appended, of which each is
   the next token of all before it. *)
Fixpoint think (next : nat -> (nat -> nat) -> nat) (n : nat) (tokens : nat -> nat) (steps : nat)
    : nat -> nat :=
  match steps with
  | O => tokens
  | S t =>
    let so_far := think next n tokens t in
    fun i => if (i =? n + t)%nat then next (n + t)%nat so_far else so_far i
  end.
