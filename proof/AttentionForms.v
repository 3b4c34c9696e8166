(* Softmax attention with fewer heads of keys and values than of queries, and of positions to which
   codes are added: the programs, which compute attention as Definitions.v has it. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Values Blocks Attention CausalAttention.
Import ListNotations.
Open Scope Z_scope.

(* ---- fewer heads of keys and values ---- *)

(* A feature of a shared matrix is that of the head that is shared. *)
Lemma project_shared d e g W x i h k : (1 <= e)%nat -> (k < e)%nat -> (e * h + k < d)%nat ->
  project d x (serving d e g W) i (e * h + k) = project d x W i (e * (h / g) + k).
Proof.
  intros E K L. unfold project, serving. apply bigsum_ext. intros q _. do 2 f_equal.
  set (row := fun o => nth (e * (o / e / g) + o mod e)%nat W []).
  rewrite (nth_indep _ [] (row 0%nat)) by (now rewrite map_length, seq_length).
  rewrite map_nth, seq_nth by auto. unfold row. cbn [Nat.add].
  replace ((e * h + k) / e)%nat with h
    by (rewrite Nat.mul_comm, Nat.div_add_l, Nat.div_small; lia).
  replace ((e * h + k) mod e)%nat with k; [reflexivity |].
  rewrite Nat.add_comm, Nat.mul_comm, Nat.mod_add, Nat.mod_small; lia.
Qed.

(* G heads of keys and values, each of which serves g heads of queries. *)
Section Shared.
  Variables (d G g e : nat).
  Variables (WQ WK WV : list (list Z)).
  Definition shared_front : list op :=
    front_of d (G * g) e WQ WK WV (G * e) G (IDiv (IV 1) g).

  Hypothesis heads : d = (G * g * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis serves : (1 <= g)%nat.

  (* Scores and values are those of the shared matrices. *)
  Lemma shared_fronts n x :
    fronts d (G * g) e WQ shared_front (serving d e g WK) (serving d e g WV) n x.
  Proof.
    apply front_of_meaning with (group := fun h => (h / g)%nat); auto.
    - intros h L. apply Nat.div_lt_upper_bound; lia.
    - intros i h k L K. rewrite !project_shared by (auto; nia). auto.
  Qed.
End Shared.

(* ---- positions with codes ---- *)

(* The operation that adds codes. *)
Definition add_codes (d : nat) (C : idx -> Z) : op :=
  OSum [pn; [d]] [] (CK 1) (chosen C [IV 0; IV 1]) [IV 0; IV 1] 0.

(* A block behind it computes its function of the positions with codes. *)
Lemma coded_computes A d d' n C x Y :
  computes A n d d' (with_codes (fun i k => C [i; k]) x) Y ->
  computes (sequence [add_codes d C] A) n d d' x Y.
Proof.
  intro H. eapply sequence_computes; [| exact H]. intros t [_ HX]. cbn [length sems nth app].
  split; [cbn [sem1 fst add_codes]; now lengths |]. intros i f I F. unfold add_codes.
  rewrite sum_sem by inside. unfold dims at 1. cbn [map]. rewrite zsum_box0, app_nil_r.
  cbn [cval chosen nth imap map ieval]. rewrite HX by auto. unfold with_codes. lia.
Qed.

(* ---- blocks ---- *)

Section Forms.
  Variables (d p : nat).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  (* With shared heads. *)
  Theorem shared_meaning G g e WQ WK WV n x :
    d = (G * g * e)%nat -> (1 <= e)%nat -> (1 <= g)%nat ->
    meaning (block_of d p (attention_of d (G * g) e base jumps unit lo levels
        (shared_front d G g e WQ WK WV))) n x =
      flat_map (fun i => map (fun f => attend d e WQ (serving d e g WK) (serving d e g WV) base
        jumps unit lo levels n (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros D E S. apply computes_meaning, attention_of_computes; auto. now apply shared_fronts.
  Qed.

  (* The same with a causal mask. *)
  Theorem shared_causal_meaning G g e WQ WK WV n x :
    d = (G * g * e)%nat -> (1 <= e)%nat -> (1 <= g)%nat ->
    meaning (block_of d p (causal_of d (G * g) e base jumps unit lo levels
        (shared_front d G g e WQ WK WV))) n x =
      flat_map (fun i => map (fun f => attend_causal d e WQ (serving d e g WK) (serving d e g WV)
        base jumps unit lo levels n (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros D E S. apply computes_meaning, causal_of_computes; auto. now apply shared_fronts.
  Qed.

  (* With codes. *)
  Theorem coded_meaning H e WQ WK WV C n x : d = (H * e)%nat -> (1 <= e)%nat ->
    meaning (block_of d p (sequence [add_codes d C]
        (Attention.attention d H e WQ WK WV base jumps unit lo levels))) n x =
      flat_map (fun i => map (fun f => attend d e WQ WK WV base jumps unit lo levels n
        (with_codes (fun i k => C [i; k]) (decode d p x)) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros D E. apply computes_meaning, coded_computes. now apply attention_computes.
  Qed.

  (* The same with a causal mask. *)
  Theorem coded_causal_meaning H e WQ WK WV C n x : d = (H * e)%nat -> (1 <= e)%nat ->
    meaning (block_of d p (sequence [add_codes d C]
        (causal_attention d H e WQ WK WV base jumps unit lo levels))) n x =
      flat_map (fun i => map (fun f => attend_causal d e WQ WK WV base jumps unit lo levels n
        (with_codes (fun i k => C [i; k]) (decode d p x)) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros D E. apply computes_meaning, coded_computes. now apply causal_computes.
  Qed.
End Forms.
Print Assumptions shared_meaning.
Print Assumptions shared_causal_meaning.
Print Assumptions coded_meaning.
Print Assumptions coded_causal_meaning.
