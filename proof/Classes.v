(* Families of circuits as families of the narrow forms: TC0 with gates that count or with gates of
   the majority, and AC0; and the programs whose circuits are such families. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Index Program Analysis Lowering Cost Bounds Vocabulary.
From TC0 Require Import Expansion Forms Normal.
Import ListNotations.
Open Scope nat_scope.

(* ---- families ---- *)

(* A family of circuits of depth at most d, with polynomially many gates, each with polynomially
   many wires and a polynomial sum of weights, for n >= 1. *)
Definition light_family (d : nat) (F : nat -> circuit) : Prop :=
  exists p q : poly, forall n, 1 <= n ->
  wf (F n) /\ depth (F n) <= d /\ size (F n) <= peval p n /\
  Forall (light (peval q n)) (gates (F n)).

(* Circuits that compute the same. *)
Definition same (F G : nat -> circuit) : Prop :=
  forall n, 1 <= n -> forall x, eval (F n) x = eval (G n) x.

(* Few wires into each gate are few wires. *)
Lemma wires_le k gs : Forall (fun g => fan_in g <= k) gs ->
  list_sum (map (fun g => length (gargs g)) gs) <= length gs * k.
Proof. induction 1 as [| g gs H _ IH]; simpl; auto. unfold fan_in in H. lia. Qed.

(* Families whose gates satisfy P, from bounds on gates and on the wires of each. *)
Lemma family_ok P d F (p q : poly) :
  (forall n, 1 <= n -> wf (F n) /\ depth (F n) <= d /\ size (F n) <= peval p n /\
    Forall (fun g => P g /\ fan_in g <= peval q n) (gates (F n))) -> family_of P d F.
Proof.
  intro H. exists p, (pmul p q). intros n N. destruct (H n N) as (W & D & S & G).
  split; [exact W | split; [exact D | split; [exact S | split]]].
  - rewrite peval_mul. eapply Nat.le_trans; [| apply Nat.mul_le_mono_r; exact S].
    apply wires_le. eapply Forall_impl; [| exact G]. intros g Q. apply Q.
  - eapply Forall_impl; [| exact G]. intros g Q. apply Q.
Qed.

(* With few weights, gates that count suffice: as deep, and no more gates. *)
Theorem counting_family_ok d F : light_family d F ->
  counting_family d (fun n => counting (F n)) /\ same (fun n => counting (F n)) F.
Proof.
  intros (p & q & H). split.
  - apply family_ok with (p := p) (q := q). intros n N. destruct (H n N) as (W & D & S & L).
    destruct (counting_ok _ _ W L) as (W' & D' & S' & _ & G & _).
    split; [exact W' | split; [lia | split; [lia | exact G]]].
  - intros n N. destruct (H n N) as (W & _ & _ & L).
    now destruct (counting_ok _ _ W L) as (_ & _ & _ & _ & _ & V).
Qed.
Print Assumptions counting_family_ok.

(* So do gates of the majority, with one level and one gate more. *)
Theorem majority_family_ok d F : light_family d F ->
  majority_family (S d) (fun n => majority (F n)) /\ same (fun n => majority (F n)) F.
Proof.
  intros (p & q & H). split.
  - apply family_ok with (p := padd (pc 1) p) (q := padd (pscale 2 q) (pc 2)).
    intros n N. destruct (H n N) as (W & D & S & L).
    destruct (majority_ok _ _ W L) as (W' & D' & S' & _ & G & _).
    rewrite !peval_add, peval_scale, !peval_c.
    split; [exact W' | split; [lia | split; [lia | exact G]]].
  - intros n N. destruct (H n N) as (W & _ & _ & L).
    now destruct (majority_ok _ _ W L) as (_ & _ & _ & _ & _ & V).
Qed.
Print Assumptions majority_family_ok.

(* If threshold gates read no more than k wires for any n, gates AND and OR suffice, in at most
   twice the depth. *)
Theorem AC0_family_ok d F (p q : poly) k :
  (forall n, 1 <= n -> wf (F n) /\ depth (F n) <= d /\ size (F n) <= peval p n /\
    Forall (narrow (peval q n) k) (gates (F n))) ->
  AC0_family (2 * d) (fun n => normalise (F n)) /\ same (fun n => normalise (F n)) F.
Proof.
  intro H. split.
  - apply family_ok with (p := pscale (2 ^ k + 1) p) (q := padd q (pc (2 ^ k))).
    intros n N. destruct (H n N) as (W & D & S & L).
    destruct (normalise_ok _ _ _ W L) as (W' & D' & S' & _ & G & _).
    rewrite peval_add, peval_scale, peval_c.
    split; [exact W' | split; [lia | split; [| exact G]]].
    eapply Nat.le_trans; [exact S' |]. now apply Nat.mul_le_mono_l.
  - intros n N. destruct (H n N) as (W & _ & _ & L).
    now destruct (normalise_ok _ _ _ W L) as (_ & _ & _ & _ & _ & V).
Qed.
Print Assumptions AC0_family_ok.

(* ---- programs ---- *)

(* A count as a polynomial. *)
Lemma peval_count p n : peval (map N.to_nat p) n = cev p n.
Proof.
  rewrite <- cev_poly, map_map, (map_ext _ (fun k => k)), map_id; auto using N2Nat.id.
Qed.

(* Circuits that compute what a program means. *)
Definition computes (F : nat -> circuit) (p : prog) : Prop :=
  forall n, 1 <= n -> forall x, eval (F n) x = meaning p n x.

(* The circuits of a program are a light family. *)
Lemma program_light p lev count w f k m :
  certified p lev count -> within_cost p w f k m -> light_family lev (compile p).
Proof.
  intros C B. exists (map N.to_nat count), (padd (map N.to_nat f) (map N.to_nat m)).
  intros n N. destruct (C n N) as (W & D & S & _). destruct (B n N) as [_ G].
  rewrite peval_add, !peval_count. unfold cev.
  split; [exact W | split; [exact D | split; [lia |]]].
  apply Forall_forall. intros g I. specialize (G g I). unfold light. lia.
Qed.

(* Circuits that compute the same as those of a program compute what it means. *)
Lemma same_computes p lev count F : certified p lev count -> same F (compile p) -> computes F p.
Proof. intros C S n N x. rewrite S by auto. now apply C. Qed.

(* A certified program is in TC0 in its narrow forms. *)
Theorem program_TC0 p lev count w f k m : certified p lev count -> within_cost p w f k m ->
  (counting_family lev (fun n => counting (compile p n)) /\
    computes (fun n => counting (compile p n)) p) /\
  majority_family (S lev) (fun n => majority (compile p n)) /\
  computes (fun n => majority (compile p n)) p.
Proof.
  intros C B. pose proof (program_light _ _ _ _ _ _ _ C B) as L.
  destruct (counting_family_ok _ _ L) as [A1 A2]. destruct (majority_family_ok _ _ L) as [M1 M2].
  split; (split; [assumption | eapply same_computes; eassumption]).
Qed.
Print Assumptions program_TC0.

(* A certified program whose threshold gates read no more than k wires for any n is in AC0. *)
Theorem program_AC0 p lev count w f k m : certified p lev count -> within_cost p w f [k] m ->
  AC0_family (2 * lev) (fun n => normalise (compile p n)) /\
  computes (fun n => normalise (compile p n)) p.
Proof.
  intros C B.
  destruct (AC0_family_ok lev (compile p) (map N.to_nat count) (map N.to_nat f) (N.to_nat k))
    as [A1 A2].
  - intros n N. destruct (C n N) as (W & D & S & _). destruct (B n N) as [_ G].
    rewrite !peval_count. unfold cev.
    split; [exact W | split; [exact D | split; [lia |]]].
    apply Forall_forall. intros g I. destruct (G g I) as (G1 & _ & G2). split; [lia |].
    intro Q. specialize (G2 Q). simpl neval in G2. lia.
  - split; [exact A1 | eapply same_computes; eassumption].
Qed.
Print Assumptions program_AC0.
