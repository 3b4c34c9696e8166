(* Attention with fewer heads of keys and values than of queries, and of positions to which codes
   are added: the programs, which compute attention as Definitions.v has it. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Values Blocks Attention CausalAttention.
From TC0 Require Import StableAttention HardAttention.
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

(* What a block of positions with codes means, if it computes a function. *)
Lemma coded_meaning_of A f d p C n x : (forall y, computes A n d d y (f y)) ->
  meaning (block_of d p (sequence [add_codes d C] A)) n x =
    flat_map (fun i => map (fun k => f (with_codes (fun i k => C [i; k]) (decode d p x)) i k)
      (seq 0 d)) (seq 0 n).
Proof. intro H. apply computes_meaning, coded_computes, H. Qed.

(* ---- blocks ---- *)

(* The operations of all kinds of attention, from those for scores and values on; with shared heads
   there are G * g heads. What they compute, if the exponential is as the kind asks for. *)
Section Forms.
  Variables (d p : nat).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat) (masked : bool).
  Hypothesis unit_positive : 1 <= unit.
  Variables (G g e : nat) (WQ WK WV : list (list Z)).
  Hypothesis heads : d = (G * g * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis serves : (1 <= g)%nat.
  Local Notation F := (shared_front d G g e WQ WK WV).
  Local Notation K := (serving d e g WK).
  Local Notation V := (serving d e g WV).

  Lemma shared_computes n x : 1 <= lowest base jumps ->
    computes (attention_of d (G * g) e base jumps unit lo levels F) n d d x
      (attend d e WQ K V base jumps unit lo levels n x).
  Proof. intro P. apply attention_of_computes; auto. now apply shared_fronts. Qed.
  Lemma shared_causal_computes n x : 1 <= lowest base jumps ->
    computes (causal_of d (G * g) e base jumps unit lo levels F) n d d x
      (attend_causal d e WQ K V base jumps unit lo levels n x).
  Proof. intro P. apply causal_of_computes; auto. now apply shared_fronts. Qed.
  Lemma shared_stable_computes n x :
    (1 <= n)%nat -> 0 <= lowest base jumps -> 1 <= stair base jumps 0 ->
    computes (stable_of d (G * g) e base jumps unit lo levels masked F) n d d x
      (attend_stable d e WQ K V base jumps unit lo levels masked n x).
  Proof. intros N L P. apply stable_of_computes; auto. now apply shared_fronts. Qed.
  Lemma shared_hard_computes n x : (1 <= n)%nat ->
    computes (hard_of d (G * g) e masked F) n d d x (attend_hard d e WQ K V masked n x).
  Proof. intro N. apply hard_of_computes; auto. now apply shared_fronts. Qed.
End Forms.
Print Assumptions shared_computes.
Print Assumptions shared_causal_computes.
Print Assumptions shared_stable_computes.
Print Assumptions shared_hard_computes.

(* Shows that concrete attention, whose heads may be shared, is computed. *)
Ltac form_part :=
  lazymatch goal with
  | |- computes (Attention.attention _ _ _ _ _ _ _ _ _ _ _) _ _ _ _ _ => apply attention_computes
  | |- computes (causal_attention _ _ _ _ _ _ _ _ _ _ _) _ _ _ _ _ => apply causal_computes
  | |- computes (stable_attention _ _ _ _ _ _ _ _ _ _ _ _) _ _ _ _ _ => apply stable_computes
  | |- computes (hard_attention _ _ _ _ _ _ _) _ _ _ _ _ => apply hard_computes
  | |- computes (attention_of _ _ _ _ _ _ _ _ _) _ _ _ _ _ => apply shared_computes
  | |- computes (causal_of _ _ _ _ _ _ _ _ _) _ _ _ _ _ => apply shared_causal_computes
  | |- computes (stable_of _ _ _ _ _ _ _ _ _ _) _ _ _ _ _ => apply shared_stable_computes
  | |- computes (hard_of _ _ _ _ _) _ _ _ _ _ => apply shared_hard_computes
  end; first [assumption | compute_hypothesis].

(* From what is certified of a concrete program, shows that it computes attention in one of these
   forms: the program is that of the operations A, with codes or without. *)
Ltac certify_form certificate A :=
  let n := fresh "n" in let Hn := fresh in intros n Hn;
  let W := fresh in let D := fresh in let S := fresh in let V := fresh in
  destruct (certificate n Hn) as (W & D & S & V);
  split; [exact W | split; [exact D | split; [exact S |]]]; clear W D S;
  let x := fresh in intro x; rewrite V; clear V;
  lazymatch goal with
  | |- meaning ?program _ _ = ?Y =>
    let E := fresh in
    lazymatch Y with
    | context [with_codes (fun i k => ?C (i :: k :: nil)) (decode ?d ?p _)] =>
      assert (E : program = block_of d p (sequence [add_codes d C] A)) by reflexivity;
      rewrite E; clear E;
      lazymatch Y with
      | context [?f (with_codes _ _)] =>
        apply (coded_meaning_of A f d p C n x); intro; form_part
      end
    | context [decode ?d ?p _] =>
      assert (E : program = block_of d p A) by reflexivity; rewrite E; clear E;
      apply computes_meaning; form_part
    end
  end.
